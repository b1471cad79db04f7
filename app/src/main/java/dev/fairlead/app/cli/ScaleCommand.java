package dev.fairlead.app.cli;

import dev.fairlead.app.control.ControlClient;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead scale`.
@Command(
    name = "scale",
    description = "Pins the number of a version's replicas, or lets it follow the demand again.")
final class ScaleCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(paramLabel = "NAME", description = "A model or a version.")
  private String name = "";

  @Option(
      names = "--replicas",
      required = true,
      paramLabel = "N|auto",
      description = "How many, or auto.")
  private String replicas = "";

  ScaleCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    OptionalInt count = count();
    try (ControlClient client = target.connect(environment)) {
      environment.out().println(client.scale(name, count));
    }
    return 0;
  }

  private OptionalInt count() {
    if (replicas.equals("auto")) {
      return OptionalInt.empty();
    }
    if (!replicas.matches("\\d{1,4}")) {
      throw CliException.usage("--replicas is a number or `auto`, not `%s`".formatted(replicas));
    }
    return OptionalInt.of(Integer.parseInt(replicas));
  }
}
