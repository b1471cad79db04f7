package dev.fairlead.core.plan;

import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.core.scale.ScaleDecision;
import dev.fairlead.core.scale.ScaleInput;
import dev.fairlead.core.scale.ScaleMemory;
import dev.fairlead.core.scale.ScaleReason;
import dev.fairlead.core.scale.Scaler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides the replicas of each version of one round: what is left of the host goes from one to the
/// next.
final class VersionPlanner {
  private static final Demand NONE = new Demand.Known(0, 0, 0, Duration.ofSeconds(5));

  private final Round round;
  private final List<Action> actions = new ArrayList<>();
  private final Map<String, ScaleMemory> memory = new HashMap<>();
  private final Map<String, Integer> targets = new HashMap<>();
  private HostFit host;
  private int planned;

  VersionPlanner(Round round) {
    this.round = round;
    this.host = round.free();
    this.planned =
        (int)
            round.seen().replicas().stream()
                .filter(replica -> !replica.draining() && usesCores(replica))
                .count();
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

  /// A version whose files a rollout needs, and not yet more than that.
  void fetch(VersionSpec version) {
    if (round.preparation(version.name()) instanceof Preparation.Unknown) {
      actions.add(new Action.Prepare(version));
    }
  }

  /// A version that a model's route or rollout needs: with as many replicas as its demand asks for,
  /// and at least `floor` where a rollout needs them to show that it works.
  void serve(VersionSpec version, int floor) {
    switch (round.preparation(version.name())) {
      case Preparation.Unknown() -> {
        fetch(version);
        hold(version.name());
      }
      case Preparation.Running _ -> hold(version.name());
      case Preparation.Unusable _ -> keepWhatServes(version.name());
      case Preparation.Prepared prepared -> scale(version, prepared, floor);
    }
  }

  /// A version that no model needs any more.
  void retire(String version) {
    release(version, round.replicas(version), "no model needs it any more");
  }

  /// Replicas of versions that are not even described any more.
  void retireUnknown() {
    Set<String> done = new HashSet<>();
    for (Replica replica : round.seen().replicas()) {
      String version = replica.version();
      if (round.version(version).isEmpty() && done.add(version)) {
        release(version, round.replicas(version), "it was deleted");
      }
    }
  }

  /// The agent of a server elsewhere needs next to nothing of this machine.
  private boolean usesCores(Replica replica) {
    return round
        .version(replica.version())
        .filter(version -> version.source() instanceof ModelSource.Upstream)
        .isEmpty();
  }

  private void scale(VersionSpec version, Preparation.Prepared prepared, int floor) {
    String name = version.name();
    List<Replica> staying = round.staying(name);
    ScaleInput input = input(version, prepared, staying);
    ScaleMemory before =
        round.memory().scaling().getOrDefault(name, ScaleMemory.startingAt(round.now()));
    ScaleDecision decision = atLeast(floor, input, Scaler.decide(input, before, round.now()));
    int target = decision.target();
    memory.put(name, decision.memory());
    targets.put(name, target);
    explain(name, target, decision.reason(), decision.note());
    int starts = Math.max(0, target - staying.size());
    planned += version.source() instanceof ModelSource.Upstream ? 0 : starts;
    host = host.minus(prepared.replicaBytes(), starts);
    for (int ordinal = 0; ordinal < starts; ordinal++) {
      actions.add(new Action.Start(version, prepared, host.threads(planned), ordinal));
    }
    staying.stream()
        .sorted(victimsFirst())
        .limit(Math.max(0, staying.size() - target))
        .forEach(replica -> drain(replica, decision.reason().word() + ": " + decision.note()));
  }

  private ScaleInput input(
      VersionSpec version, Preparation.Prepared prepared, List<Replica> staying) {
    int ready = (int) staying.stream().filter(Replica::ready).count();
    int coming = (int) staying.stream().filter(Replica::coming).count();
    return new ScaleInput(
        version.scaling(),
        round.seen().demand().getOrDefault(version.name(), NONE),
        ready,
        coming,
        staying.size() - ready - coming,
        staying.size() + host.more(prepared.replicaBytes()),
        version.engine().maxBatchSize(),
        round.coldStart(version.name()));
  }

  /// What a rollout brings up counts as needed, so that it is not taken away at the moment when it
  /// gets the traffic.
  private ScaleDecision atLeast(int floor, ScaleInput input, ScaleDecision decision) {
    if (floor == 0) {
      return decision;
    }
    int target = Math.max(decision.target(), Math.min(floor, input.affordable()));
    ScaleMemory busy =
        decision.memory().with(target, Scaler.holdDown(input.coldStart()), round.now());
    return target == decision.target()
        ? new ScaleDecision(target, decision.reason(), decision.note(), busy)
        : new ScaleDecision(
            target, ScaleReason.ROLLOUT, "%d to take over with".formatted(floor), busy);
  }

  /// What is not ready goes before what is, and of that what failed; then the least busy, then the
  /// youngest.
  private static Comparator<Replica> victimsFirst() {
    return Comparator.comparing(Replica::failed)
        .reversed()
        .thenComparing(Replica::ready)
        .thenComparingInt(Replica::inFlight)
        .thenComparing(Comparator.comparing(Replica::since).reversed())
        .thenComparing(Replica::id);
  }

  /// Files that are looked at again say nothing about the replicas that there are.
  private void hold(String version) {
    targets.put(version, round.staying(version).size());
    ScaleMemory before = round.memory().scaling().get(version);
    if (before != null) {
      memory.put(version, before);
    }
  }

  /// Files that have become unusable stop new starts; a replica that has read them goes on.
  private void keepWhatServes(String version) {
    List<Replica> staying = round.staying(version);
    List<Replica> useless = staying.stream().filter(replica -> !replica.ready()).toList();
    targets.put(version, staying.size() - useless.size());
    useless.forEach(replica -> drain(replica, "its files cannot be used"));
  }

  private void release(String version, List<Replica> replicas, String why) {
    targets.put(version, 0);
    if (replicas.stream().anyMatch(replica -> !replica.draining())) {
      explain(version, 0, ScaleReason.NO_TRAFFIC, why);
    }
    replicas.forEach(replica -> drain(replica, ScaleReason.NO_TRAFFIC + ": " + why));
  }

  private void explain(String version, int target, ScaleReason reason, String note) {
    int last = round.lastTarget(version);
    if (last != target) {
      round.note(
          new Note(
              reason == ScaleReason.MEMORY ? Note.Severity.WARNING : Note.Severity.NORMAL,
              "Scaled",
              version,
              "%d → %d replicas (%s): %s".formatted(last, target, reason.word(), note)));
    }
  }

  private void drain(Replica replica, String why) {
    if (!replica.draining()) {
      actions.add(new Action.Drain(replica.id(), why));
    }
  }
}
