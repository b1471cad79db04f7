package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.scale.Demand;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Everything that one round of the control loop looks at, read in one place.
///
/// @param models what shall be served, in the order of the user's files
/// @param versions every version that a model names, and the earlier ones that still run
/// @param demand by version; a version that is not in it has none
/// @param coldStarts how long each version took from start to ready, as measured
/// @param host its free memory as measured: the planner itself keeps room for replicas that have
///   not read their model yet
public record Observation(
    List<ModelSpec> models,
    List<VersionSpec> versions,
    Map<String, Preparation> preparations,
    List<Replica> replicas,
    Map<String, Demand> demand,
    Map<String, Duration> coldStarts,
    HostFit host) {
  public Observation {
    models = List.copyOf(models);
    versions = List.copyOf(versions);
    preparations = Map.copyOf(preparations);
    replicas = List.copyOf(replicas);
    demand = Map.copyOf(demand);
    coldStarts = Map.copyOf(coldStarts);
    requireNonNull(host, "host is null");
  }
}
