package dev.fairlead.core.plan;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.core.scale.ScaleDecision;
import dev.fairlead.core.scale.ScaleInput;
import dev.fairlead.core.scale.ScaleMemory;
import dev.fairlead.core.scale.ScaleReason;
import dev.fairlead.core.scale.Scaler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Decides the replicas of each version of one round, in the order of the user's files: what is
/// left of the host goes from one to the next.
final class VersionPlanner {
  private final Planner.Round round;
  private final List<Action> actions = new ArrayList<>();
  private final Map<String, ScaleMemory> memory = new HashMap<>();
  private final Map<String, Integer> targets = new HashMap<>();
  private HostFit host;
  private int planned;

  VersionPlanner(Planner.Round round) {
    this.round = round;
    this.host = round.seen().host();
    this.planned =
        (int) round.seen().replicas().stream().filter(replica -> !replica.draining()).count();
  }

  List<Action> actions() {
    return actions;
  }

  Map<String, ScaleMemory> memory() {
    return memory;
  }

  Map<String, Integer> targets() {
    return targets;
  }

  /// A version that a model's route or rollout needs; one that is `warming` has at least one
  /// replica, so that it can show that it works.
  void need(VersionSpec version, boolean warming) {
    switch (round.preparation(version.name())) {
      case Preparation.Unknown() -> actions.add(new Action.Prepare(version));
      case Preparation.Running _ -> {}
      case Preparation.Unusable _ -> drainAll(version.name(), "its files cannot be used");
      case Preparation.Prepared prepared -> scale(version, prepared, warming);
    }
  }

  /// A version that no model needs any more.
  void retire(String version) {
    drainAll(version, "no model needs it any more");
  }

  /// Replicas of versions that are not even described any more.
  void retireUnknown() {
    for (Replica replica : round.seen().replicas()) {
      if (round.version(replica.version()).isEmpty()) {
        drain(replica, "its version was deleted");
      }
    }
  }

  private void scale(VersionSpec version, Preparation.Prepared prepared, boolean warming) {
    String name = version.name();
    List<Replica> staying =
        round.replicas(name).stream().filter(replica -> !replica.draining()).toList();
    int ready = (int) staying.stream().filter(Replica::ready).count();
    ScaleInput input =
        new ScaleInput(
            version.scaling(),
            round
                .seen()
                .demand()
                .getOrDefault(name, new Demand.Known(0, 0, 0, java.time.Duration.ofSeconds(5))),
            ready,
            staying.size() - ready,
            staying.size() + host.more(prepared.replicaBytes()),
            version.engine().maxBatchSize(),
            round.coldStart(name));
    ScaleMemory before =
        round.memory().scaling().getOrDefault(name, ScaleMemory.startingAt(round.now()));
    ScaleDecision decision = Scaler.decide(input, before, round.now());
    memory.put(name, decision.memory());
    int target = decision.target();
    if (warming && target == 0 && input.affordable() > 0) {
      target = 1;
    }
    targets.put(name, target);
    explain(name, target, decision);
    for (int ordinal = 0; ordinal < target - staying.size(); ordinal++) {
      planned++;
      host = host.minus(prepared.replicaBytes(), 1);
      actions.add(new Action.Start(version, prepared, host.threads(planned), ordinal));
    }
    staying.stream()
        .sorted(victimsFirst())
        .limit(Math.max(0, staying.size() - target))
        .forEach(replica -> drain(replica, decision.reason() + ": " + decision.note()));
  }

  /// What is not ready goes before what is, then the least busy, then the youngest.
  private static Comparator<Replica> victimsFirst() {
    return Comparator.comparing(Replica::ready)
        .thenComparingInt(Replica::inFlight)
        .thenComparing(Comparator.comparing(Replica::since).reversed())
        .thenComparing(Replica::id);
  }

  private void explain(String version, int target, ScaleDecision decision) {
    int last = round.memory().targets().getOrDefault(version, 0);
    if (last != target) {
      round.note(
          new Note(
              decision.reason() == ScaleReason.MEMORY
                  ? Note.Severity.WARNING
                  : Note.Severity.NORMAL,
              "Scaled",
              version,
              "%d → %d replicas, %s: %s"
                  .formatted(last, target, decision.reason(), decision.note())));
    }
  }

  private void drainAll(String version, String why) {
    targets.put(version, 0);
    round.replicas(version).forEach(replica -> drain(replica, why));
  }

  private void drain(Replica replica, String why) {
    if (!replica.draining()) {
      actions.add(new Action.Drain(replica.id(), why));
    }
  }
}
