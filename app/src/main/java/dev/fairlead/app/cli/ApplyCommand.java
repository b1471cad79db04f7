package dev.fairlead.app.cli;

import dev.fairlead.app.control.ControlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `fairlead apply`.
@Command(
    name = "apply",
    description = {
      "Creates or changes models from YAML or JSON.",
      "All resources are taken or none. A changed template becomes a new version, which takes over"
          + " when it is warm."
    },
    footer = {"", "Example:", "  fairlead apply -f models.yaml"})
final class ApplyCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "A file, a folder of .yaml, .yml and .json files, or - for standard input.")
  private List<String> files = new ArrayList<>();

  ApplyCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    ResourceInput input = ResourceInput.read(files, environment);
    if (input.reportProblems()) {
      throw CliException.usage("nothing was applied: correct the problems above");
    }
    if (input.parsed().resources().isEmpty()) {
      throw CliException.usage("nothing was applied: there is no resource in " + files);
    }
    try (ControlClient client = target.connect(environment)) {
      ControlClient.Applied applied = client.apply(input.sentText(), input.sentName());
      applied.problems().forEach(problem -> environment.err().println(input.shown(text(problem))));
      applied.lines().forEach(environment.out()::println);
      if (!applied.taken()) {
        throw CliException.usage("nothing was applied: correct the problems above");
      }
    }
    return 0;
  }

  private static String text(ControlClient.Problem problem) {
    String place =
        problem.line() > 0
            ? "%s:%d:%d: ".formatted(problem.file(), problem.line(), problem.column())
            : "";
    return place + (problem.error() ? "" : "warning: ") + problem.message();
  }
}
