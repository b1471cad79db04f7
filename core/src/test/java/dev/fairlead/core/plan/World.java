package dev.fairlead.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.scale.Demand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An executor, a gateway and engines in virtual time: each round of one second is observed,
/// planned twice (which must give the same) and applied. A replica is ready after {@link
/// #LOAD_ROUNDS} rounds; a request takes {@link #SERVICE_ROUNDS}; requests wait for a model and go
/// to its active version.
final class World {
  static final int LOAD_ROUNDS = 5;
  static final int SERVICE_ROUNDS = 3;

  private static final Duration ROUND = Duration.ofSeconds(1);

  final Map<String, ModelSpec> models = new LinkedHashMap<>();
  final Map<String, VersionSpec> versions = new LinkedHashMap<>();
  final Map<String, Preparation> preparations = new HashMap<>();
  final Set<String> crashing = new HashSet<>();
  final Set<String> brokenForGood = new HashSet<>();
  final List<Note> notes = new ArrayList<>();
  final Map<String, SimulatedReplica> replicas = new LinkedHashMap<>();
  final Map<String, Integer> waiting = new HashMap<>();
  boolean gatewaysSilent;
  long memoryBytes = 64 * Fixtures.GIB;
  int answered;
  int cut;
  Memory memory = Memory.empty();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, Long> arrivals = new HashMap<>();
  private int started;

  /// One engine, and how many rounds each of its requests has yet to go.
  static final class SimulatedReplica {
    final VersionSpec version;
    final long bytes;
    Replica seen;
    final List<Integer> requests = new ArrayList<>();
    int age;

    SimulatedReplica(VersionSpec version, long bytes, Replica seen) {
      this.version = version;
      this.bytes = bytes;
      this.seen = seen;
    }
  }

  void deploy(ModelSpec model, VersionSpec version, long replicaBytes) {
    models.put(model.name(), model);
    versions.put(version.name(), version);
    preparations.put(version.name(), Fixtures.prepared(replicaBytes));
  }

  void ask(String model, int requests) {
    waiting.merge(model, requests, Integer::sum);
  }

  Plan rounds(int count) {
    Plan plan = round();
    for (int i = 1; i < count; i++) {
      plan = round();
    }
    return plan;
  }

  Plan round() {
    Observation seen = observe();
    Plan plan = Planner.plan(seen, memory, now);
    assertThat(Planner.plan(seen, memory, now)).isEqualTo(plan);
    assertServed(plan);
    memory = plan.memory();
    notes.addAll(plan.notes());
    plan.actions().forEach(this::apply);
    place(plan);
    work();
    now = now.plus(ROUND);
    return plan;
  }

  long count(String version) {
    return replicas.values().stream()
        .filter(replica -> replica.version.name().equals(version))
        .count();
  }

  long ready(String version) {
    return replicas.values().stream()
        .filter(replica -> replica.version.name().equals(version) && replica.seen.ready())
        .count();
  }

  String active(String model) {
    RolloutState state = memory.rollouts().get(model);
    return state == null ? "" : state.active();
  }

  List<String> scaled(String version) {
    return notes.stream()
        .filter(note -> note.reason().equals("Scaled") && note.object().equals(version))
        .map(Note::message)
        .toList();
  }

  private void assertServed(Plan plan) {
    for (ModelSpec model : models.values()) {
      assertThat(plan.routes().find(model.servedName()))
          .hasValueSatisfying(route ->
              assertThat(route.versions())
                  .anySatisfy(version -> assertThat(version.weight()).isPositive()));
    }
  }

  private Observation observe() {
    long used = replicas.values().stream().mapToLong(replica -> taken(replica)).sum();
    Map<String, Demand> demand = new HashMap<>();
    for (VersionSpec version : versions.values()) {
      demand.put(version.name(), demand(version.name()));
    }
    return new Observation(
        List.copyOf(models.values()),
        List.copyOf(versions.values()),
        preparations,
        replicas.values().stream().map(replica -> replica.seen).toList(),
        demand,
        Map.of(),
        new HostFit(2, Math.max(0, memoryBytes - used)));
  }

  /// An engine takes its memory while it loads, not before.
  private static long taken(SimulatedReplica replica) {
    return replica.seen.ready() || replica.seen.draining() ? replica.bytes : 0;
  }

  private Demand demand(String version) {
    if (gatewaysSilent) {
      return new Demand.Unknown();
    }
    int held =
        models.values().stream()
            .filter(model -> active(model.name()).equals(version))
            .mapToInt(model -> waiting.getOrDefault(model.name(), 0))
            .sum();
    int running =
        replicas.values().stream()
            .filter(replica -> replica.version.name().equals(version))
            .mapToInt(replica -> replica.requests.size())
            .sum();
    return new Demand.Known(
        arrivals.getOrDefault(version, 0L) + held,
        held,
        running,
        ROUND.multipliedBy(SERVICE_ROUNDS));
  }

  private void apply(Action action) {
    switch (action) {
      case Action.Prepare(VersionSpec version) ->
          preparations.put(version.name(), new Preparation.Running("fetching", 0, 0));
      case Action.Start(VersionSpec version, Preparation.Prepared prepared, int threads, int _) -> {
        assertThat(threads).isPositive();
        String id = "replica-" + started++;
        replicas.put(
            id,
            new SimulatedReplica(
                version,
                prepared.replicaBytes(),
                new Replica(
                    new Endpoint(id, version.name(), "127.0.0.1", 4000),
                    new Replica.Phase.Starting(),
                    now,
                    0,
                    0)));
      }
      case Action.Drain(String replica, String why) -> {
        assertThat(why).isNotBlank();
        SimulatedReplica victim = replicas.get(replica);
        assertThat(victim).isNotNull();
        if (victim != null) {
          enter(victim, new Replica.Phase.Draining(), victim.seen.restarts());
        }
      }
    }
  }

  private void place(Plan plan) {
    for (Route route : plan.routes().routes()) {
      String active = route.versions().getFirst().version();
      for (SimulatedReplica replica : replicas.values()) {
        while (replica.version.name().equals(active)
            && replica.seen.ready()
            && replica.requests.size() < Fixtures.BATCH
            && waiting.getOrDefault(route.servedName(), 0) > 0) {
          replica.requests.add(SERVICE_ROUNDS);
          waiting.merge(route.servedName(), -1, Integer::sum);
          arrivals.merge(active, 1L, Long::sum);
        }
      }
    }
  }

  private void work() {
    for (SimulatedReplica replica : List.copyOf(replicas.values())) {
      replica.age++;
      replica.requests.replaceAll(rounds -> rounds - 1);
      int before = replica.requests.size();
      replica.requests.removeIf(rounds -> rounds <= 0);
      answered += before - replica.requests.size();
      live(replica);
    }
    long used = replicas.values().stream().mapToLong(replica -> taken(replica)).sum();
    assertThat(used).as("memory in use").isLessThanOrEqualTo(memoryBytes);
  }

  private void live(SimulatedReplica replica) {
    String version = replica.version.name();
    switch (replica.seen.phase()) {
      case Replica.Phase.Draining() -> {
        if (replica.requests.isEmpty()) {
          replicas.remove(replica.seen.id());
        }
      }
      case Replica.Phase.Failed(String _, String _, boolean permanent) -> {
        if (!permanent && replica.age >= LOAD_ROUNDS) {
          enter(replica, new Replica.Phase.Starting(), replica.seen.restarts() + 1);
        }
      }
      case Replica.Phase.Starting(), Replica.Phase.Loading(), Replica.Phase.Warming() -> {
        if (brokenForGood.contains(version)) {
          enter(replica, new Replica.Phase.Failed("BadModel", "truncated file", true), 0);
        } else if (crashing.contains(version)) {
          enter(
              replica,
              new Replica.Phase.Failed("EngineCrashed", "signal 11", false),
              replica.seen.restarts());
        } else {
          enter(
              replica,
              replica.age >= LOAD_ROUNDS ? new Replica.Phase.Ready() : new Replica.Phase.Loading(),
              replica.seen.restarts());
        }
      }
      case Replica.Phase.Ready() -> {
        if (brokenForGood.contains(version)) {
          cut += replica.requests.size();
          replica.requests.clear();
          enter(replica, new Replica.Phase.Failed("BadModel", "truncated file", true), 0);
        } else {
          enter(replica, new Replica.Phase.Ready(), replica.seen.restarts());
        }
      }
    }
  }

  private void enter(SimulatedReplica replica, Replica.Phase phase, int restarts) {
    boolean same = replica.seen.phase().equals(phase);
    if (!same
        && (phase instanceof Replica.Phase.Failed || phase instanceof Replica.Phase.Starting)) {
      replica.age = 0;
    }
    replica.seen =
        new Replica(
            replica.seen.endpoint(),
            phase,
            same ? replica.seen.since() : now,
            replica.requests.size(),
            restarts);
  }
}
