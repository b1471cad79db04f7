package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a replica's latest requests say about it, whatever its agent says: passive ejection.
///
/// ```
///           k failures in a row              its time is over
///      IN ───────────────────────▶ OUT ───────────────────────▶ PROBING
///      ▲                            ▲   the one request failed     │
///      │                            └──────────────────────────────┤
///      └───────────────────────────────────────────────────────────┘ it was served
/// ```
///
/// @param failuresInRow since the last request that was served
/// @param ejections how often it was ejected; each one lasts longer than the one before, and each
///   request that is served takes one off
/// @param outUntil when the ejection ends; empty when it is not ejected
/// @param probed whether the one request that shall find out is on its way
public record ReplicaHealth(
    int failuresInRow, int ejections, Optional<Instant> outUntil, boolean probed) {
  /// Nothing is said against it.
  public static final ReplicaHealth GOOD = new ReplicaHealth(0, 0, Optional.empty(), false);

  public ReplicaHealth {
    if (failuresInRow < 0 || ejections < 0) {
      throw new IllegalArgumentException(
          "a count is negative: failuresInRow %d, ejections %d"
              .formatted(failuresInRow, ejections));
    }
    requireNonNull(outUntil, "outUntil is null");
    if (probed && outUntil.isEmpty()) {
      throw new IllegalArgumentException("probed without an ejection");
    }
  }

  /// When a replica is left out, and for how long.
  ///
  /// @param failures so many in a row
  /// @param first how long for the first time; each further time twice as long
  /// @param longest and never longer than this
  public record Policy(int failures, Duration first, Duration longest) {
    public Policy {
      if (failures <= 0) {
        throw new IllegalArgumentException("failures is not positive: " + failures);
      }
      if (!first.isPositive() || longest.compareTo(first) < 0) {
        throw new IllegalArgumentException(
            "not 0 < first <= longest: first %s, longest %s".formatted(first, longest));
      }
    }

    /// Five failures; 5 s, 10 s, 20 s, and so on, up to 5 min.
    public static Policy defaults() {
      return new Policy(5, Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    Duration time(int ejections) {
      int doublings = Math.min(20, ejections - 1);
      Duration time = first.multipliedBy(1L << doublings);
      return time.compareTo(longest) < 0 ? time : longest;
    }
  }

  public boolean out() {
    return outUntil.isPresent();
  }

  /// Whether it may have a request like any other, or the one that finds out.
  public boolean admits(Instant now) {
    return outUntil.isEmpty() || (!probed && !now.isBefore(outUntil.orElseThrow()));
  }

  /// It was given a request: the one that finds out, when it is one of an ejected replica's.
  public ReplicaHealth given(Instant now) {
    boolean probe = out() && !probed && admits(now);
    return probe ? new ReplicaHealth(failuresInRow, ejections, outUntil, true) : this;
  }

  public ReplicaHealth served() {
    int forgotten = out() ? ejections : Math.max(0, ejections - 1);
    return failuresInRow == 0 && !out() && forgotten == ejections
        ? this
        : new ReplicaHealth(0, forgotten, Optional.empty(), false);
  }

  /// A request ended in a way that says nothing, such as its client's leaving.
  public ReplicaHealth undecided() {
    return probed ? new ReplicaHealth(failuresInRow, ejections, outUntil, false) : this;
  }

  public ReplicaHealth failed(Instant now, Policy policy) {
    int inRow = failuresInRow + 1;
    if (outUntil.isPresent() && now.isBefore(outUntil.orElseThrow())) {
      // It was sent before the ejection, or because no other replica was left: nothing new.
      return new ReplicaHealth(inRow, ejections, outUntil, false);
    }
    if (!out() && inRow < policy.failures()) {
      return new ReplicaHealth(inRow, ejections, outUntil, false);
    }
    int times = ejections + 1;
    return new ReplicaHealth(inRow, times, Optional.of(now.plus(policy.time(times))), false);
  }
}
