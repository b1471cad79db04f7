package dev.fairlead.artifacts.fetch;

import dev.fairlead.artifacts.failure.ArtifactException;
import java.time.Duration;

/// An attempt that failed in a way that another one may not: `outcome` is what the caller gets when
/// no attempt is left, `retryAfter` what the server asked for.
final class Transient extends Exception {
  private static final long serialVersionUID = 1L;

  private final ArtifactException outcome;
  private final Duration retryAfter;

  Transient(ArtifactException outcome, Duration retryAfter) {
    super(outcome);
    this.outcome = outcome;
    this.retryAfter = retryAfter;
  }

  Transient(ArtifactException outcome) {
    this(outcome, Duration.ZERO);
  }

  ArtifactException outcome() {
    return outcome;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
