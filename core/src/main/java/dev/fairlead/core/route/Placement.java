package dev.fairlead.core.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Chooses the replica for a request: the one with the least estimated time to first token, which
/// is what it has yet to prefill; then the one with the fewest requests; then the one that was
/// given the most of the prompt's beginning before; ties by rendezvous hash (Thaler and
/// Ravishankar, 1998), so that equal gateways agree and equal keys stay together.
public final class Placement {
  private Placement() {}

  /// The best replica with a free slot; empty when all are full. `key` is what shall stay together,
  /// such as a hash of the prompt's beginning; `known` is how many blocks of the prompt a replica
  /// was given before, by {@link PrefixMemory#known}.
  public static Optional<Endpoint> choose(
      List<Candidate> candidates, long key, Map<String, Integer> known) {
    Optional<Candidate> best = Optional.empty();
    for (Candidate candidate : candidates) {
      if (candidate.hasRoom()
          && (best.isEmpty() || compare(candidate, best.orElseThrow(), key, known) < 0)) {
        best = Optional.of(candidate);
      }
    }
    return best.map(Candidate::endpoint);
  }

  /// The version for a request among those of a route, by weight; `draw` is uniform in [0, 1). The
  /// first one when no version has a weight.
  public static VersionRoute version(Route route, double draw) {
    int total = 0;
    for (VersionRoute version : route.versions()) {
      total += version.weight();
    }
    double point = draw * total;
    for (VersionRoute version : route.versions()) {
      if (point < version.weight()) {
        return version;
      }
      point -= version.weight();
    }
    return route.versions().getFirst();
  }

  private static int compare(Candidate one, Candidate other, long key, Map<String, Integer> known) {
    int byPrefill = Long.compare(one.queuedPrefillTokens(), other.queuedPrefillTokens());
    if (byPrefill != 0) {
      return byPrefill;
    }
    int byOccupied = Integer.compare(one.occupied(), other.occupied());
    if (byOccupied != 0) {
      return byOccupied;
    }
    int byKnown =
        Integer.compare(
            known.getOrDefault(other.endpoint().replica(), 0),
            known.getOrDefault(one.endpoint().replica(), 0));
    if (byKnown != 0) {
      return byKnown;
    }
    int byHash = Long.compareUnsigned(score(other.endpoint(), key), score(one.endpoint(), key));
    return byHash != 0 ? byHash : one.endpoint().replica().compareTo(other.endpoint().replica());
  }

  private static long score(Endpoint endpoint, long key) {
    long hash = key ^ (endpoint.replica().hashCode() * 0x9E3779B97F4A7C15L);
    hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
    return hash ^ (hash >>> 31);
  }
}
