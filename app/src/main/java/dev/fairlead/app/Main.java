package dev.fairlead.app;

import dev.fairlead.app.cli.CliEnvironment;
import dev.fairlead.app.cli.FairleadCommand;

/// The `fairlead` command.
public final class Main {
  private Main() {}

  /// Runs one command and ends with its exit code.
  public static void main(String[] arguments) {
    System.exit(FairleadCommand.line(CliEnvironment.ofThisProcess()).execute(arguments));
  }
}
