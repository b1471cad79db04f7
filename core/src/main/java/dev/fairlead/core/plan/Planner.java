package dev.fairlead.core.plan;

import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.rollout.Rollout;
import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.route.RouteTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides everything of one round of the control loop. Pure: the same observation, memory and
/// moment give the same plan.
///
/// 1. Each model's rollout moves on ({@link Rollout}); that tells which versions are needed.
/// 2. Each needed version is prepared, or scaled within what is left of the host ({@link
///    VersionPlanner}); a version that is not needed any more is drained.
/// 3. The route table and the health of models and versions follow from both ({@link
///    RoutePlanner}).
public final class Planner {
  /// How often to look when nothing happens.
  static final Duration IDLE_ROUND = Duration.ofSeconds(1);

  private Planner() {}

  public static Plan plan(Observation seen, Memory memory, Instant now) {
    Round round = new Round(seen, memory, now);
    Map<String, RolloutState> rollouts = rollouts(round);
    Set<String> active = new HashSet<>();
    Set<String> warming = new HashSet<>();
    for (RolloutState state : rollouts.values()) {
      active.add(state.active());
      if (state instanceof RolloutState.Warming changing) {
        warming.add(changing.next());
      }
    }
    VersionPlanner versions = new VersionPlanner(round);
    for (VersionSpec version : seen.versions()) {
      if (active.contains(version.name()) || warming.contains(version.name())) {
        versions.need(version, warming.contains(version.name()));
      } else {
        versions.retire(version.name());
      }
    }
    versions.retireUnknown();
    RouteTable routes = RoutePlanner.routes(round, rollouts);
    return new Plan(
        versions.actions(),
        routes,
        RoutePlanner.models(round, rollouts),
        round.versionHealth(),
        versions.targets(),
        round.notes(),
        new Memory(rollouts, versions.memory(), versions.targets(), round.created()),
        IDLE_ROUND);
  }

  private static Map<String, RolloutState> rollouts(Round round) {
    Map<String, RolloutState> states = new LinkedHashMap<>();
    for (ModelSpec model : round.seen().models()) {
      RolloutState before = round.memory().rollouts().get(model.name());
      RolloutState after =
          before == null || round.version(before.active()).isEmpty()
              ? Rollout.first(model.version())
              : Rollout.next(
                  before,
                  model.version(),
                  round.rolloutHealth(before.active()),
                  round.rolloutHealth(model.version()),
                  round.now());
      states.put(model.name(), after);
      if (before != null && !before.equals(after)) {
        round.note(rolloutNote(model.name(), before, after));
      }
    }
    return states;
  }

  private static Note rolloutNote(String model, RolloutState before, RolloutState after) {
    return switch (after) {
      case RolloutState.Serving(String active) ->
          new Note(
              Note.Severity.NORMAL,
              "Switched",
              model,
              before.active().equals(active)
                  ? "%s stays".formatted(active)
                  : "%s takes over from %s".formatted(active, before.active()));
      case RolloutState.Warming(String active, String next, Instant _) ->
          new Note(
              Note.Severity.NORMAL,
              "RolloutStarted",
              model,
              "%s is being brought up; %s serves until it is ready".formatted(next, active));
      case RolloutState.Rejected(String active, String rejected, String why) ->
          new Note(
              Note.Severity.WARNING,
              "RolloutRejected",
              model,
              "%s rejected, holding %s until the spec changes: %s"
                  .formatted(rejected, active, why));
    };
  }

  /// One round: what was seen, what was remembered, and what the parts of the planner collect.
  static final class Round {
    private final Observation seen;
    private final Memory memory;
    private final Instant now;
    private final Map<String, VersionSpec> versions = new LinkedHashMap<>();
    private final Map<String, List<Replica>> replicas = new HashMap<>();
    private final Map<String, Health> versionHealth = new HashMap<>();
    private final Map<String, Instant> created = new HashMap<>();
    private final List<Note> notes = new ArrayList<>();

    Round(Observation seen, Memory memory, Instant now) {
      this.seen = seen;
      this.memory = memory;
      this.now = now;
      seen.versions().forEach(version -> versions.put(version.name(), version));
      for (Replica replica : seen.replicas()) {
        replicas.computeIfAbsent(replica.version(), _ -> new ArrayList<>()).add(replica);
      }
      for (VersionSpec version : seen.versions()) {
        versionHealth.put(version.name(), VersionHealthRule.of(this, version));
      }
      for (ModelSpec model : seen.models()) {
        created.put(model.name(), memory.created().getOrDefault(model.name(), now));
      }
    }

    Observation seen() {
      return seen;
    }

    Memory memory() {
      return memory;
    }

    Instant now() {
      return now;
    }

    Optional<VersionSpec> version(String name) {
      return Optional.ofNullable(versions.get(name));
    }

    List<Replica> replicas(String version) {
      return replicas.getOrDefault(version, List.of());
    }

    Preparation preparation(String version) {
      return seen.preparations().getOrDefault(version, new Preparation.Unknown());
    }

    Duration coldStart(String version) {
      return seen.coldStarts().getOrDefault(version, Duration.ofSeconds(5));
    }

    Health health(String version) {
      return versionHealth.getOrDefault(
          version, new Health(Health.State.FAILED, "NotFound", version + " is not there"));
    }

    dev.fairlead.core.rollout.VersionHealth rolloutHealth(String version) {
      return VersionHealthRule.forRollout(health(version));
    }

    Map<String, Health> versionHealth() {
      return versionHealth;
    }

    Map<String, Instant> created() {
      return created;
    }

    List<Note> notes() {
      return notes;
    }

    void note(Note note) {
      notes.add(note);
    }
  }
}
