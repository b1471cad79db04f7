package dev.fairlead.core.scale;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Scaling;
import java.time.Duration;

/// What a scaling decision looks at.
///
/// @param ready replicas that serve
/// @param starting replicas that are on their way, restarts after a crash included
/// @param affordable how many replicas fit in all, the running ones included
/// @param maxBatchSize requests that one replica works on at once
/// @param coldStart how long a replica takes from start to ready
public record ScaleInput(
    Scaling scaling,
    Demand demand,
    int ready,
    int starting,
    int affordable,
    int maxBatchSize,
    Duration coldStart) {
  public ScaleInput {
    requireNonNull(scaling, "scaling is null");
    requireNonNull(demand, "demand is null");
    requireNonNull(coldStart, "coldStart is null");
    if (ready < 0 || starting < 0 || affordable < 0) {
      throw new IllegalArgumentException(
          "a count is negative: ready %d, starting %d, affordable %d"
              .formatted(ready, starting, affordable));
    }
    if (maxBatchSize <= 0) {
      throw new IllegalArgumentException("maxBatchSize is not positive: " + maxBatchSize);
    }
  }

  int current() {
    return ready + starting;
  }
}
