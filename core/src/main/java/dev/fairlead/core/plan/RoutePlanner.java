package dev.fairlead.core.plan;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Health.State;
import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What gateways and users are told: the route table, and how each model is doing. The first model
/// with a served name keeps it.
final class RoutePlanner {
  private final Round round;
  private final List<Route> routes = new ArrayList<>();
  private final Map<String, Health> models = new HashMap<>();
  private final Map<String, String> holders = new HashMap<>();

  RoutePlanner(Round round, List<ModelRollout> rollouts) {
    this.round = round;
    rollouts.forEach(this::add);
  }

  RouteTable routes() {
    return new RouteTable(routes);
  }

  Map<String, Health> models() {
    return models;
  }

  private void add(ModelRollout rollout) {
    String model = rollout.model().name();
    String servedName = rollout.model().servedName();
    String holder = holders.getOrDefault(servedName, model);
    if (!holder.equals(model)) {
      models.put(
          model,
          new Health(
              State.FAILED,
              "NameTaken",
              "the name %s is served by the model %s: choose another servedName"
                  .formatted(servedName, holder)));
      return;
    }
    holders.put(servedName, model);
    models.put(model, health(rollout));
    round
        .version(rollout.state().active())
        .ifPresent(version ->
            routes.add(
                new Route(
                    servedName,
                    rollout.model().aliases(),
                    rollout.created().getEpochSecond(),
                    List.of(route(version, rollout.state())),
                    rollout
                        .model()
                        .overflow()
                        .flatMap(round::version)
                        .map(overflow -> route(overflow, rollout.state())))));
  }

  private Health health(ModelRollout rollout) {
    Health active = round.health(rollout.state().active());
    String wanted = rollout.model().version();
    if (round.version(wanted).isEmpty()) {
      return new Health(
          active.state(),
          "VersionNotFound",
          "the version %s is not there: create it, or name another".formatted(wanted));
    }
    return switch (rollout.state()) {
      case RolloutState.Serving _ -> active;
      case RolloutState.Provisioning provisioning ->
          progressing(provisioning.active(), provisioning.next());
      case RolloutState.Warming warming -> progressing(warming.active(), warming.next());
      case RolloutState.Rejected rejected ->
          new Health(
              active.state(),
              "RolloutRejected",
              "%s rejected, holding %s until the spec changes: %s"
                  .formatted(rejected.rejected(), rejected.active(), rejected.why()));
    };
  }

  private Health progressing(String active, String next) {
    return new Health(
        State.PROGRESSING,
        "RollingOut",
        "%s serves; %s: %s".formatted(active, next, round.health(next).message()));
  }

  private VersionRoute route(VersionSpec version, RolloutState state) {
    Optional<Preparation.Prepared> prepared =
        round.preparation(version.name()) instanceof Preparation.Prepared files
            ? Optional.of(files)
            : Optional.empty();
    return new VersionRoute(
        version.name(),
        1,
        prepared.map(files -> files.artifact().purpose()).orElse(Artifact.Purpose.CHAT),
        version.engine().maxBatchSize(),
        prepared.map(Preparation.Prepared::contextLength).orElse(0),
        version.nonStreamingWait(),
        version.maxStreamDuration(),
        round.coldStart(version.name()),
        blocked(version.name(), state),
        version.source() instanceof ModelSource.Upstream upstream
            ? Optional.of(upstream.model())
            : Optional.empty(),
        round.replicas(version.name()).stream().map(Replica::endpoint).toList());
  }

  /// Why requests are refused and not held. A version whose memory the next one is using is not
  /// blocked: the next one will answer.
  private Optional<String> blocked(String version, RolloutState state) {
    Health health = round.health(version);
    boolean relieved =
        state instanceof RolloutState.Warming
            && health.reason().equals(VersionHealthRule.INSUFFICIENT_MEMORY);
    boolean pinnedToZero = health.reason().equals(VersionHealthRule.PINNED_TO_ZERO);
    return (health.state() == State.FAILED && !relieved) || pinnedToZero
        ? Optional.of(health.message())
        : Optional.empty();
  }
}
