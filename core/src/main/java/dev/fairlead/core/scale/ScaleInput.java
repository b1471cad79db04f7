package dev.fairlead.core.scale;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Scaling;
import java.time.Duration;

/// What a scaling decision looks at.
///
/// @param ready replicas that serve
/// @param starting replicas that are on their way
/// @param failed replicas whose engine ended: they hold a place, so that a version that cannot come
///   up is not started again and again, but nothing waits for them
/// @param affordable how many replicas fit in all, the present ones included
/// @param maxBatchSize requests that one replica works on at once
/// @param coldStart how long a replica takes from start to ready
public record ScaleInput(
    Scaling scaling,
    Demand demand,
    int ready,
    int starting,
    int failed,
    int affordable,
    int maxBatchSize,
    Duration coldStart) {
  public ScaleInput {
    requireNonNull(scaling, "scaling is null");
    requireNonNull(demand, "demand is null");
    if (requireNonNull(coldStart, "coldStart is null").isNegative()) {
      throw new IllegalArgumentException("coldStart is negative: " + coldStart);
    }
    if (ready < 0 || starting < 0 || failed < 0 || affordable < 0) {
      throw new IllegalArgumentException(
          "a count is negative: ready %d, starting %d, failed %d, affordable %d"
              .formatted(ready, starting, failed, affordable));
    }
    if (maxBatchSize <= 0) {
      throw new IllegalArgumentException("maxBatchSize is not positive: " + maxBatchSize);
    }
  }

  /// The replicas that are there, whatever their state.
  public int current() {
    return ready + starting + failed;
  }
}
