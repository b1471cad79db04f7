package dev.fairlead.app.cli;

import dev.fairlead.app.control.ControlClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead logs`.
@Command(
    name = "logs",
    description = "Prints what the engine of a version wrote.",
    footer = {
      "",
      "Examples:",
      "  fairlead logs chat -f            follow the engine of model chat",
      "  fairlead logs chat --previous    why the run before the present one ended"
    })
final class LogsCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(
      paramLabel = "VERSION",
      description = "A version, a replica, or a model: then its active version.")
  private String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the run ends.")
  private boolean follow;

  @Option(names = "--previous", description = "The run before the present one.")
  private boolean previous;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      defaultValue = "200",
      description = "How many lines to begin with (default: ${DEFAULT-VALUE}).")
  private int tail;

  LogsCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (tail < 0) {
      throw CliException.usage("--tail is negative: give a number of lines");
    }
    try (ControlClient client = target.connect(environment)) {
      String version = VersionNames.find(name, Overview.of(client.overview())).orElse(name);
      client.logs(
          new ControlClient.LogQuery(version, previous, follow, tail),
          line -> {
            environment.out().println(line);
            return !environment.out().checkError();
          });
    }
    return 0;
  }
}
