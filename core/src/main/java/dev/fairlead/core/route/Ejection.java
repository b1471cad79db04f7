package dev.fairlead.core.route;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Leaves replicas out that failed again and again, but never the last one: where all are out, the
/// one that is due back first takes everything.
public final class Ejection {
  private Ejection() {}

  /// Those of `candidates` that may have a request. `health` knows what is said about a replica.
  /// Empty only when `candidates` is.
  public static List<Candidate> left(
      List<Candidate> candidates, Function<String, ReplicaHealth> health, Instant now) {
    List<Candidate> left = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      if (health.apply(candidate.endpoint().replica()).admits(now)) {
        left.add(candidate);
      }
    }
    if (left.isEmpty()) {
      candidates.stream()
          .min(Comparator.comparing(candidate -> back(candidate, health)))
          .ifPresent(left::add);
    }
    return left;
  }

  private static Instant back(Candidate candidate, Function<String, ReplicaHealth> health) {
    return health.apply(candidate.endpoint().replica()).outUntil().orElse(Instant.MIN);
  }
}
