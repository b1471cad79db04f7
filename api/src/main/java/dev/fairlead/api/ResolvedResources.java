package dev.fairlead.api;

import dev.fairlead.core.admit.TenantSpec;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import java.util.List;

/// The resources as the control loop takes them, complete with defaults. Every model's version is
/// among `versions`, and every version is some model's. No two tenants share a name or a key's
/// hash.
public record ResolvedResources(
    List<ModelSpec> models,
    List<VersionSpec> versions,
    List<TenantSpec> tenants,
    List<Problem> problems) {
  public ResolvedResources {
    models = List.copyOf(models);
    versions = List.copyOf(versions);
    tenants = List.copyOf(tenants);
    problems = List.copyOf(problems);
  }

  public boolean hasErrors() {
    return problems.stream().anyMatch(Problem::isError);
  }
}
