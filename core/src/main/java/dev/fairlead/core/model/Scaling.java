package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalInt;

/// The bounds within which a version scales by demand. `pinned` fixes the count and switches
/// scaling off. `minReplicas` 0 is the only way to scale to zero; it happens after
/// `scaleToZeroAfter` without a request.
public record Scaling(
    int minReplicas, int maxReplicas, OptionalInt pinned, Duration scaleToZeroAfter) {
  public Scaling {
    Checks.nonNegative(minReplicas, "minReplicas");
    Checks.positive(maxReplicas, "maxReplicas");
    if (minReplicas > maxReplicas) {
      throw new IllegalArgumentException(
          "minReplicas %d is over maxReplicas %d".formatted(minReplicas, maxReplicas));
    }
    requireNonNull(pinned, "pinned is null");
    pinned.ifPresent(count -> Checks.nonNegative(count, "pinned"));
    if (requireNonNull(scaleToZeroAfter, "scaleToZeroAfter is null").isNegative()) {
      throw new IllegalArgumentException("scaleToZeroAfter is negative: " + scaleToZeroAfter);
    }
  }
}
