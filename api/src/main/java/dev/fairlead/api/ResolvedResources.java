package dev.fairlead.api;

import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import java.util.List;

/// The resources as the control loop takes them, complete with defaults. Every model's version is
/// among `versions`, and every version is some model's.
public record ResolvedResources(
    List<ModelSpec> models, List<VersionSpec> versions, List<Problem> problems) {
  public ResolvedResources {
    models = List.copyOf(models);
    versions = List.copyOf(versions);
    problems = List.copyOf(problems);
  }

  public boolean hasErrors() {
    return problems.stream().anyMatch(Problem::isError);
  }
}
