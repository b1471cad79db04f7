package dev.fairlead.core.plan;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Health.State;
import dev.fairlead.core.rollout.VersionHealth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is to be said of a version, from its files and its replicas. A replica that serves
/// outweighs everything else; a failure that will not mend itself outweighs one that is tried
/// again.
final class VersionHealthRule {
  /// The reason of a version that has no room at present: it passes when memory becomes free.
  static final String INSUFFICIENT_MEMORY = "InsufficientMemory";

  /// The reason of a version that the user has switched off.
  static final String PINNED_TO_ZERO = "PinnedToZero";

  /// A version whose engine ended so often before it ever served does not come up.
  static final int CRASH_LIMIT = 3;

  private VersionHealthRule() {}

  static Health of(Round round, VersionSpec version) {
    long ready = ready(round, version.name());
    if (ready > 0) {
      return new Health(State.READY, "Ready", "%d ready".formatted(ready));
    }
    return switch (round.preparation(version.name())) {
      case Preparation.Unknown() ->
          new Health(State.PREPARING, "Inspecting", "the model's files are looked at");
      case Preparation.Running(String label, long bytes, long total) ->
          new Health(State.PREPARING, "Fetching", progress(label, bytes, total));
      case Preparation.Unusable(String reason, String message) ->
          new Health(State.FAILED, reason, message);
      case Preparation.Prepared prepared -> ofReplicas(round, version, prepared);
    };
  }

  /// Whether the active version of a model can be given up. A shortage of memory passes.
  static VersionHealth active(Round round, String version) {
    Health health = round.health(version);
    return switch (health.state()) {
      case READY -> new VersionHealth.Ready();
      case PREPARING -> new VersionHealth.Preparing();
      case FAILED ->
          health.reason().equals(INSUFFICIENT_MEMORY)
              ? new VersionHealth.Coming(health.message())
              : new VersionHealth.Failed(health.message());
      case IDLE, STARTING, PROGRESSING -> new VersionHealth.Coming(health.message());
    };
  }

  /// Whether a version can take over: it needs `replicas` that serve.
  static VersionHealth candidate(Round round, String version, int replicas) {
    Health health = round.health(version);
    if (health.state() == State.READY) {
      long ready = ready(round, version);
      return ready >= replicas
          ? new VersionHealth.Ready()
          : new VersionHealth.Coming("%d of %d replicas are ready".formatted(ready, replicas));
    }
    Optional<Replica> crashed =
        round.staying(version).stream()
            .filter(replica -> replica.failed() && replica.restarts() >= CRASH_LIMIT)
            .findFirst();
    return crashed.isPresent()
        ? new VersionHealth.Failed(
            "its engine ended %d times: %s"
                .formatted(crashed.orElseThrow().restarts() + 1, health.message()))
        : active(round, version);
  }

  private static Health ofReplicas(
      Round round, VersionSpec version, Preparation.Prepared prepared) {
    List<Replica> staying = round.staying(version.name());
    Optional<Replica.Phase.Failed> failure =
        staying.stream()
            .map(Replica::phase)
            .filter(Replica.Phase.Failed.class::isInstance)
            .map(Replica.Phase.Failed.class::cast)
            .reduce((one, other) -> one.permanent() ? one : other);
    if (failure.isPresent()) {
      Replica.Phase.Failed failed = failure.orElseThrow();
      return new Health(
          failed.permanent() ? State.FAILED : State.STARTING, failed.reason(), failed.message());
    }
    if (!staying.isEmpty()) {
      return new Health(
          State.STARTING,
          "Starting",
          "a replica is starting, ready in about %d s"
              .formatted(Math.max(1, round.coldStart(version.name()).toSeconds())));
    }
    return ofNothing(round, version, prepared);
  }

  private static Health ofNothing(Round round, VersionSpec version, Preparation.Prepared prepared) {
    if (version.scaling().pinned().orElse(1) == 0) {
      return new Health(
          State.IDLE, PINNED_TO_ZERO, "replicas is 0: raise it, or leave it out, to serve");
    }
    Optional<String> shortage = round.seen().host().shortage(prepared.replicaBytes());
    if (shortage.isEmpty()) {
      return new Health(State.IDLE, "Idle", "no replica; the next request starts one");
    }
    if (round.seen().replicas().stream().anyMatch(Replica::draining)) {
      return new Health(
          State.STARTING, "WaitingForMemory", "waits for the memory of a replica that is draining");
    }
    return new Health(State.FAILED, INSUFFICIENT_MEMORY, shortage.orElseThrow());
  }

  private static long ready(Round round, String version) {
    return round.replicas(version).stream().filter(Replica::ready).count();
  }

  private static String progress(String label, long bytes, long total) {
    return total > 0
        ? "%s: %d %% of %s".formatted(label, bytes * 100 / total, mebibytes(total))
        : "%s: %s".formatted(label, mebibytes(bytes));
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
