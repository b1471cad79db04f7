package dev.fairlead.app.cli;

import dev.fairlead.api.Problem;
import dev.fairlead.api.ResolvedResources;
import dev.fairlead.api.Resource;
import dev.fairlead.api.Resources;
import dev.fairlead.core.admit.TenantSpec;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.model.VersionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fairlead validate`.
@Command(
    name = "validate",
    description = {
      "Checks YAML or JSON without a running Fairlead, and says what would be served.",
      "Exit code 2 and every problem as file:line:column: message when something is wrong."
    },
    footer = {"", "Example:", "  fairlead validate -f models.yaml"})
final class ValidateCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "A file, a folder of .yaml, .yml and .json files, or - for standard input.")
  private List<String> files = new ArrayList<>();

  ValidateCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    ResourceInput input = ResourceInput.read(files, environment);
    boolean wrong = input.reportProblems();
    if (!wrong) {
      ResolvedResources resolved = Resources.resolve(input.parsed(), Optional.<Path>empty());
      for (Problem problem : resolved.problems()) {
        environment.err().println(input.shown(problem.text()));
      }
      wrong = resolved.hasErrors();
      if (!wrong) {
        describe(input.parsed().resources(), resolved);
      }
    }
    return wrong ? 2 : 0;
  }

  private void describe(List<Resource> resources, ResolvedResources resolved) {
    var ignored = new LinkedHashSet<String>();
    resources.forEach(resource -> ignored.addAll(Resources.ignoredLocally(resource)));
    if (!ignored.isEmpty()) {
      environment.err().println("does nothing on one machine: " + String.join(", ", ignored));
    }
    resolved
        .models()
        .forEach(model ->
            resolved.versions().stream()
                .filter(version -> version.name().equals(model.version()))
                .findFirst()
                .ifPresent(version -> environment.out().println(line(model, version))));
    resolved.tenants().forEach(tenant -> environment.out().println(line(tenant)));
  }

  private static String line(TenantSpec tenant) {
    String models =
        tenant.tenant().models().isEmpty()
            ? "all models"
            : String.join(", ", new TreeSet<>(tenant.tenant().models()));
    return "tenant %s with %d keys could use %s"
        .formatted(tenant.tenant().name(), tenant.keys().size(), models);
  }

  private static String line(ModelSpec model, VersionSpec version) {
    String aliases =
        model.aliases().isEmpty() ? "" : " (also " + String.join(", ", model.aliases()) + ")";
    String source =
        switch (version.source()) {
          case ModelSource.LocalPath local -> local.path();
          case ModelSource.Remote remote -> remote.uri();
          case ModelSource.Upstream upstream -> upstream.baseUrl();
        };
    return "%s%s would be served from %s by version %s, %s"
        .formatted(
            model.servedName(), aliases, source, version.name(), replicas(version.scaling()));
  }

  private static String replicas(Scaling scaling) {
    if (scaling.pinned().isPresent()) {
      return "%d replicas".formatted(scaling.pinned().getAsInt());
    }
    return scaling.minReplicas() == scaling.maxReplicas()
        ? "%d replicas".formatted(scaling.maxReplicas())
        : "%d to %d replicas".formatted(scaling.minReplicas(), scaling.maxReplicas());
  }
}
