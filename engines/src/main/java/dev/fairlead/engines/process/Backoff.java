package dev.fairlead.engines.process;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Spaces out the restarts of an engine that keeps failing: 1 s, 2 s, 4 s … up to 60 s, and from
/// the start again once it was healthy for 60 s. An immutable value; `failures` counts those in a
/// row.
public record Backoff(int failures) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration HEALTHY = Duration.ofSeconds(60);
  private static final int DOUBLINGS = 6;

  /// The part of a delay that is left to chance, so that replicas which failed together do not
  /// start together.
  private static final double JITTER = 0.2;

  public Backoff {
    if (failures < 0) {
      throw new IllegalArgumentException("failures is negative: " + failures);
    }
  }

  /// Before any failure.
  public static Backoff none() {
    return new Backoff(0);
  }

  /// After one more failure of an engine that had been healthy for that long (zero if it never got
  /// there).
  public Backoff failed(Duration healthyFor) {
    requireNonNull(healthyFor, "healthyFor is null");
    return new Backoff(healthyFor.compareTo(HEALTHY) >= 0 ? 1 : Math.addExact(failures, 1));
  }

  /// How long to wait before the next start: the nominal delay less up to a fifth of it; zero
  /// before any failure.
  public Duration delay(RandomGenerator random) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    long nominal = Math.min(doubled.toMillis(), LONGEST.toMillis());
    return Duration.ofMillis(nominal - (long) (nominal * JITTER * random.nextDouble()));
  }
}
