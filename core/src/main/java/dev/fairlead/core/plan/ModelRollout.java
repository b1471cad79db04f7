package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.rollout.RolloutState;
import java.time.Instant;

/// A model in the present round, and where its rollout stands.
///
/// @param created when the model was first seen
record ModelRollout(ModelSpec model, RolloutState state, Instant created) {
  ModelRollout {
    requireNonNull(model, "model is null");
    requireNonNull(state, "state is null");
    requireNonNull(created, "created is null");
  }
}
