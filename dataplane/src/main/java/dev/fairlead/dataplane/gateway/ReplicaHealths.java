package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Candidate;
import dev.fairlead.core.route.Ejection;
import dev.fairlead.core.route.ReplicaHealth;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the requests of a version say about its replicas. Guarded by the lock of its {@link
/// VersionQueue}.
final class ReplicaHealths {
  private static final Logger log = LoggerFactory.getLogger(ReplicaHealths.class);

  private final ReplicaHealth.Policy policy;
  private final InstantSource clock;
  private final Map<String, ReplicaHealth> healths = new HashMap<>();
  private long ejections;

  ReplicaHealths(ReplicaHealth.Policy policy, InstantSource clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /// Those that may have a request; see {@link Ejection#left}.
  List<Candidate> left(List<Candidate> candidates) {
    return healths.isEmpty()
        ? candidates
        : Ejection.left(candidates, this::health, clock.instant());
  }

  void given(String replica) {
    if (!healths.isEmpty()) {
      put(replica, health(replica).given(clock.instant()));
    }
  }

  void served(String replica) {
    if (healths.isEmpty()) {
      return;
    }
    ReplicaHealth before = health(replica);
    put(replica, before.served());
    if (before.out()) {
      log.info("replica is back replica={}", replica);
    }
  }

  void undecided(String replica) {
    put(replica, health(replica).undecided());
  }

  void failed(String replica) {
    Instant now = clock.instant();
    ReplicaHealth before = health(replica);
    ReplicaHealth after = before.failed(now, policy);
    put(replica, after);
    if (after.ejections() > before.ejections()) {
      ejections++;
      log.warn(
          "replica left out replica={} failuresInRow={} times={} until={}",
          replica,
          after.failuresInRow(),
          after.ejections(),
          after.outUntil().orElse(now));
    }
  }

  /// Forgets all replicas but these.
  void retain(Collection<String> replicas) {
    healths.keySet().retainAll(replicas);
  }

  /// How many are left out, or being tried.
  int out() {
    return (int) healths.values().stream().filter(ReplicaHealth::out).count();
  }

  /// How often one was left out.
  long ejections() {
    return ejections;
  }

  private ReplicaHealth health(String replica) {
    return healths.getOrDefault(replica, ReplicaHealth.GOOD);
  }

  private void put(String replica, ReplicaHealth health) {
    if (health.equals(ReplicaHealth.GOOD)) {
      healths.remove(replica);
    } else {
      healths.put(replica, health);
    }
  }
}
