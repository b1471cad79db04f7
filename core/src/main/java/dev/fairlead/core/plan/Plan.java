package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.route.RouteTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What one round decided.
///
/// @param routes the topology for the gateways
/// @param models the health of each model, by name
/// @param versions the health of each version, by name
/// @param targets how many replicas each version shall have
/// @param wakeAfter when to look again if nothing happens before
public record Plan(
    List<Action> actions,
    RouteTable routes,
    Map<String, Health> models,
    Map<String, Health> versions,
    Map<String, Integer> targets,
    List<Note> notes,
    Memory memory,
    Duration wakeAfter) {
  public Plan {
    actions = List.copyOf(actions);
    requireNonNull(routes, "routes is null");
    models = Map.copyOf(models);
    versions = Map.copyOf(versions);
    targets = Map.copyOf(targets);
    notes = List.copyOf(notes);
    requireNonNull(memory, "memory is null");
    requireNonNull(wakeAfter, "wakeAfter is null");
  }
}
