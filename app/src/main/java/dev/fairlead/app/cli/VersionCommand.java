package dev.fairlead.app.cli;

import dev.fairlead.app.control.ProductVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `fairlead version`.
@Command(
    name = "version",
    description = "Prints the version of Fairlead and of the Java that runs it.")
final class VersionCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  VersionCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    environment.out().println(line());
    return 0;
  }

  static String line() {
    return "fairlead %s (Java %s)".formatted(ProductVersion.current(), Runtime.version());
  }
}
