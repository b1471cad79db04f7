package dev.fairlead.app.cli;

import dev.fairlead.app.control.ControlClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `fairlead top`.
@Command(
    name = "top",
    description = {
      "Shows what models do at present: replicas, sequences running of those that can, requests"
          + " waiting, tokens a second, time to first token (TTFT).",
      "On a terminal every 2 s until Ctrl-C."
    })
final class TopCommand implements Callable<Integer> {
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Option(names = "--once", description = "Once only, as when the output is no terminal.")
  private boolean once;

  TopCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    boolean repeat = !once && environment.interactive();
    try (ControlClient client = target.connect(environment)) {
      do {
        Overview overview = Overview.of(client.overview());
        String text = screen(overview);
        environment.out().print(repeat ? CLEAR + text : text);
        environment.out().flush();
        if (repeat) {
          Thread.sleep(PERIOD);
        }
      } while (repeat);
    }
    return 0;
  }

  private static String screen(Overview overview) {
    List<Overview.Version> versions = overview.versions();
    return versions.isEmpty()
        ? "no models yet: add one with `fairlead apply -f FILE`\n"
        : Tables.top(versions).text();
  }
}
