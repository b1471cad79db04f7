package dev.fairlead.core.plan;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Health.State;
import dev.fairlead.core.rollout.VersionHealth;
import java.util.List;
import java.util.Optional;

/// What is to be said of a version, from its files and its replicas. A replica that serves
/// outweighs one that failed; a failure that will not mend itself outweighs one that is tried
/// again.
final class VersionHealthRule {
  private VersionHealthRule() {}

  static Health of(Planner.Round round, VersionSpec version) {
    return switch (round.preparation(version.name())) {
      case Preparation.Unknown() ->
          new Health(State.PREPARING, "Inspecting", "the model's files are looked at");
      case Preparation.Running(String label, long bytes, long total) ->
          new Health(State.PREPARING, "Fetching", progress(label, bytes, total));
      case Preparation.Unusable(String reason, String message) ->
          new Health(State.FAILED, reason, message);
      case Preparation.Prepared prepared ->
          of(round.replicas(version.name()), version, prepared, round);
    };
  }

  private static Health of(
      List<Replica> replicas,
      VersionSpec version,
      Preparation.Prepared prepared,
      Planner.Round round) {
    long ready = replicas.stream().filter(Replica::ready).count();
    Optional<Replica.Phase.Failed> failure =
        replicas.stream()
            .map(Replica::phase)
            .filter(Replica.Phase.Failed.class::isInstance)
            .map(Replica.Phase.Failed.class::cast)
            .reduce((one, other) -> one.permanent() ? one : other);
    if (ready > 0) {
      return new Health(State.READY, "Ready", "%d ready".formatted(ready));
    }
    if (failure.isPresent()) {
      Replica.Phase.Failed failed = failure.orElseThrow();
      return new Health(
          failed.permanent() ? State.FAILED : State.STARTING, failed.reason(), failed.message());
    }
    if (replicas.stream().anyMatch(replica -> !replica.draining())) {
      return new Health(
          State.STARTING,
          "Starting",
          "a replica is starting, ready in about %d s"
              .formatted(Math.max(1, round.coldStart(version.name()).toSeconds())));
    }
    if (round.seen().host().more(prepared.replicaBytes()) == 0) {
      return new Health(
          State.FAILED,
          "InsufficientMemory",
          "a replica takes %s, %s are free: free some memory, lower engine.contextLength or engine.maxBatchSize, or take a smaller model"
              .formatted(
                  mebibytes(prepared.replicaBytes()),
                  mebibytes(round.seen().host().availableBytes())));
    }
    return new Health(State.IDLE, "Idle", "no replica; the next request starts one");
  }

  static VersionHealth forRollout(Health health) {
    return switch (health.state()) {
      case READY -> new VersionHealth.Ready();
      case FAILED -> new VersionHealth.Failed(health.message());
      case PREPARING, IDLE, STARTING, PROGRESSING -> new VersionHealth.Coming();
    };
  }

  private static String progress(String label, long bytes, long total) {
    return total > 0
        ? "%s: %d %% of %s".formatted(label, bytes * 100 / total, mebibytes(total))
        : "%s: %s".formatted(label, mebibytes(bytes));
  }

  private static String mebibytes(long bytes) {
    return "%,d MiB".formatted(bytes >> 20);
  }
}
