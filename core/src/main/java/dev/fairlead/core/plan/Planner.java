package dev.fairlead.core.plan;

import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.rollout.Rollout;
import dev.fairlead.core.rollout.RolloutState;
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
///    VersionPlanner}): first those with traffic, then those that a rollout brings up. A version
///    that is not needed any more is drained.
/// 3. The route table and the health of models and versions follow from both ({@link
///    RoutePlanner}).
public final class Planner {
  /// How often to look when nothing happens.
  static final Duration IDLE_ROUND = Duration.ofSeconds(1);

  private Planner() {}

  public static Plan plan(Observation seen, Memory memory, Instant now) {
    Round round = new Round(seen, memory, now);
    List<ModelRollout> rollouts =
        seen.models().stream().map(model -> advance(round, model)).toList();
    VersionPlanner versions = new VersionPlanner(round);
    scale(round, rollouts, versions);
    RoutePlanner routes = new RoutePlanner(round, rollouts);
    return new Plan(
        versions.actions(),
        routes.routes(),
        routes.models(),
        round.versionHealth(),
        versions.targets(),
        round.notes(),
        remember(rollouts, versions),
        IDLE_ROUND);
  }

  private static ModelRollout advance(Round round, ModelSpec model) {
    Optional<RolloutState> before =
        Optional.ofNullable(round.memory().rollouts().get(model.name()));
    RolloutState after =
        before
            .filter(state -> round.version(state.active()).isPresent())
            .map(state -> next(round, model, state))
            .orElseGet(() -> Rollout.first(model.version()));
    before
        .filter(state -> !state.equals(after))
        .ifPresent(state -> round.note(note(model.name(), state, after)));
    return new ModelRollout(
        model, after, round.memory().created().getOrDefault(model.name(), round.now()));
  }

  private static RolloutState next(Round round, ModelSpec model, RolloutState before) {
    Optional<VersionSpec> wanted = round.version(model.version());
    if (wanted.isEmpty()) {
      return new RolloutState.Serving(before.active());
    }
    return Rollout.next(
        before,
        model.version(),
        VersionHealthRule.active(round, before.active()),
        VersionHealthRule.candidate(
            round, model.version(), enough(round, before.active(), wanted.orElseThrow())),
        round.now());
  }

  /// How many replicas a version needs before it takes the traffic of `active`: as many as that one
  /// has, within its own bounds and what fits beside it, and at least one.
  private static int enough(Round round, String active, VersionSpec next) {
    int bound = next.scaling().pinned().orElse(next.scaling().maxReplicas());
    int wanted = Math.min(round.lastTarget(active), bound);
    int fits =
        round.preparation(next.name()) instanceof Preparation.Prepared prepared
            ? round.staying(next.name()).size() + round.free().more(prepared.replicaBytes())
            : bound;
    return Math.max(1, Math.min(wanted, fits));
  }

  private static void scale(Round round, List<ModelRollout> rollouts, VersionPlanner versions) {
    Set<String> active = new HashSet<>();
    Set<String> fetching = new HashSet<>();
    Map<String, Integer> warming = new HashMap<>();
    for (ModelRollout rollout : rollouts) {
      active.add(rollout.state().active());
      rollout.model().overflow().ifPresent(active::add);
      switch (rollout.state()) {
        case RolloutState.Serving _, RolloutState.Rejected _ -> {}
        case RolloutState.Provisioning provisioning -> fetching.add(provisioning.next());
        case RolloutState.Warming(String old, String next, Instant _) ->
            round
                .version(next)
                .ifPresent(spec -> warming.merge(next, enough(round, old, spec), Math::max));
      }
    }
    List<VersionSpec> later = new ArrayList<>();
    for (VersionSpec version : round.seen().versions()) {
      if (active.contains(version.name())) {
        versions.serve(version, warming.getOrDefault(version.name(), 0));
      } else {
        later.add(version);
      }
    }
    for (VersionSpec version : later) {
      if (warming.containsKey(version.name())) {
        versions.serve(version, warming.getOrDefault(version.name(), 0));
      } else if (fetching.contains(version.name())) {
        versions.fetch(version);
      } else {
        versions.retire(version.name());
      }
    }
    versions.retireUnknown();
  }

  private static Memory remember(List<ModelRollout> rollouts, VersionPlanner versions) {
    Map<String, RolloutState> states = new LinkedHashMap<>();
    Map<String, Instant> created = new LinkedHashMap<>();
    for (ModelRollout rollout : rollouts) {
      states.put(rollout.model().name(), rollout.state());
      created.put(rollout.model().name(), rollout.created());
    }
    return new Memory(states, versions.memory(), versions.targets(), created);
  }

  private static Note note(String model, RolloutState before, RolloutState after) {
    return switch (after) {
      case RolloutState.Serving(String active) ->
          new Note(
              Note.Severity.NORMAL,
              "Switched",
              model,
              before.active().equals(active)
                  ? "%s stays".formatted(active)
                  : "%s takes over from %s".formatted(active, before.active()));
      case RolloutState.Provisioning(String active, String next, Instant _) ->
          started(
              model,
              "the files of %s are being fetched; %s serves until it is ready"
                  .formatted(next, active));
      case RolloutState.Warming(String active, String next, Instant _) ->
          started(
              model, "%s is being brought up; %s serves until it is ready".formatted(next, active));
      case RolloutState.Rejected(String active, String rejected, String why) ->
          new Note(
              Note.Severity.WARNING,
              "RolloutRejected",
              model,
              "%s rejected, holding %s until the spec changes: %s"
                  .formatted(rejected, active, why));
    };
  }

  private static Note started(String model, String message) {
    return new Note(Note.Severity.NORMAL, "RolloutStarted", model, message);
  }
}
