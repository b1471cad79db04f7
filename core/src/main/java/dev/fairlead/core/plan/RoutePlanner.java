package dev.fairlead.core.plan;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Health.State;
import dev.fairlead.core.rollout.Rollout;
import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What gateways and users are told: the route table, and how each model is doing.
final class RoutePlanner {
  private RoutePlanner() {}

  static RouteTable routes(Planner.Round round, Map<String, RolloutState> rollouts) {
    List<Route> routes = new ArrayList<>();
    for (ModelSpec model : round.seen().models()) {
      RolloutState state = stateOf(model, rollouts);
      round
          .version(state.active())
          .ifPresent(version ->
              routes.add(
                  new Route(
                      model.servedName(),
                      model.aliases(),
                      round.created().getOrDefault(model.name(), round.now()).getEpochSecond(),
                      List.of(route(round, version)))));
    }
    return new RouteTable(routes);
  }

  static Map<String, Health> models(Planner.Round round, Map<String, RolloutState> rollouts) {
    Map<String, Health> models = new HashMap<>();
    for (ModelSpec model : round.seen().models()) {
      RolloutState state = stateOf(model, rollouts);
      Health active = round.health(state.active());
      models.put(
          model.name(),
          switch (state) {
            case RolloutState.Serving _ -> active;
            case RolloutState.Warming warming ->
                new Health(
                    State.PROGRESSING,
                    "RollingOut",
                    "%s serves; %s: %s"
                        .formatted(
                            warming.active(),
                            warming.next(),
                            round.health(warming.next()).message()));
            case RolloutState.Rejected rejected ->
                new Health(
                    active.state(),
                    "RolloutRejected",
                    "%s rejected, holding %s until the spec changes: %s"
                        .formatted(rejected.rejected(), rejected.active(), rejected.why()));
          });
    }
    return models;
  }

  private static RolloutState stateOf(ModelSpec model, Map<String, RolloutState> rollouts) {
    return rollouts.getOrDefault(model.name(), Rollout.first(model.version()));
  }

  private static VersionRoute route(Planner.Round round, VersionSpec version) {
    Health health = round.health(version.name());
    Optional<Artifact> artifact =
        round.preparation(version.name()) instanceof Preparation.Prepared prepared
            ? Optional.of(prepared.artifact())
            : Optional.empty();
    int trained = artifact.map(Artifact::contextLength).orElse(0);
    return new VersionRoute(
        version.name(),
        1,
        artifact.map(Artifact::purpose).orElse(Artifact.Purpose.CHAT),
        version.engine().maxBatchSize(),
        version.engine().contextLength().orElse(trained),
        version.nonStreamingWait(),
        version.maxStreamDuration(),
        round.coldStart(version.name()),
        health.state() == State.FAILED ? Optional.of(health.message()) : Optional.empty(),
        round.replicas(version.name()).stream().map(Replica::endpoint).toList());
  }
}
