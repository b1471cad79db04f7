package dev.fairlead.core.plan;

import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.scale.ScaleMemory;
import java.time.Instant;
import java.util.Map;

/// What the planner remembers from one round to the next. Losing it is safe: scaling then holds for
/// one reaction time, and a rollout begins again from what is wanted.
///
/// @param rollouts by model
/// @param scaling by version
/// @param targets the last replica count that was decided, by version
/// @param created when a model was first seen
public record Memory(
    Map<String, RolloutState> rollouts,
    Map<String, ScaleMemory> scaling,
    Map<String, Integer> targets,
    Map<String, Instant> created) {
  public Memory {
    rollouts = Map.copyOf(rollouts);
    scaling = Map.copyOf(scaling);
    targets = Map.copyOf(targets);
    created = Map.copyOf(created);
  }

  public static Memory empty() {
    return new Memory(Map.of(), Map.of(), Map.of(), Map.of());
  }
}
