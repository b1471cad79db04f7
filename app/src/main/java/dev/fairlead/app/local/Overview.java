package dev.fairlead.app.local;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Health;
import dev.fairlead.core.plan.Plan;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.core.rollout.RolloutState;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.dataplane.gateway.VersionStats;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.engines.host.HostResources;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Puts the latest round into the JSON that the console and `fairlead get` show. Safe for every
/// thread.
final class Overview {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Duration LATELY = Duration.ofMinutes(1);

  /// What does not change while a process runs.
  record Identity(String version, String bootId, String controlUrl) {}

  private final Identity identity;
  private final Function<String, VersionStats> stats;
  private final Supplier<Sampler.Rates> rates;
  private final InstantSource clock;

  Overview(
      Identity identity,
      Function<String, VersionStats> stats,
      Supplier<Sampler.Rates> rates,
      InstantSource clock) {
    this.identity = identity;
    this.stats = stats;
    this.rates = rates;
    this.clock = clock;
  }

  /// The JSON of a round. `replicas` are those that run.
  ObjectNode json(ControlLoop.Round round, List<RunningReplica> replicas) {
    return new Page(round, replicas).json();
  }

  /// One round, being written.
  private final class Page {
    private final ControlLoop.Round round;
    private final Map<String, RunningReplica> replicas;
    private final Instant now = clock.instant();

    Page(ControlLoop.Round round, List<RunningReplica> running) {
      this.round = round;
      this.replicas = running.stream().collect(toMap(RunningReplica::id, replica -> replica));
    }

    ObjectNode json() {
      ObjectNode all =
          JSON.objectNode()
              .put("version", identity.version())
              .put("time", now.toString())
              .put("bootId", identity.bootId())
              .put("controlUrl", identity.controlUrl());
      HostResources host = HostResources.now();
      all.putObject("host")
          .put("cores", host.cores())
          .put("memoryBytes", host.memoryTotal())
          .put("memoryFreeBytes", host.memoryAvailable());
      ArrayNode models = all.putArray("models");
      round.seen().models().forEach(model -> models.add(model(model)));
      ArrayNode versions = all.putArray("versions");
      round.seen().versions().forEach(version -> versions.add(version(version)));
      return all;
    }

    private ObjectNode model(ModelSpec model) {
      Plan plan = round.plan();
      ObjectNode json =
          JSON.objectNode().put("name", model.name()).put("servedName", model.servedName());
      ArrayNode aliases = json.putArray("aliases");
      model.aliases().forEach(aliases::add);
      putHealth(json, plan.models().get(model.name()));
      Optional<RolloutState> rollout =
          Optional.ofNullable(plan.memory().rollouts().get(model.name()));
      String active = rollout.map(RolloutState::active).orElse(model.version());
      json.put("purpose", purpose(active)).put("activeVersion", active);
      ArrayNode versions = json.putArray("versions");
      versions.add(active);
      if (!active.equals(model.version())) {
        versions.add(model.version());
      }
      return json;
    }

    private String purpose(String version) {
      return round.seen().preparations().get(version) instanceof Preparation.Prepared prepared
              && prepared.artifact().purpose() == Artifact.Purpose.EMBEDDING
          ? "embedding"
          : "chat";
    }

    private void putHealth(ObjectNode json, @Nullable Health health) {
      json.put("state", health == null ? "Starting" : CamelCase.of(health.state()))
          .put("reason", health == null ? "New" : health.reason())
          .put("message", health == null ? "" : health.message());
    }

    private ObjectNode version(VersionSpec version) {
      String name = version.name();
      ObjectNode json = JSON.objectNode().put("name", name).put("model", modelOf(name));
      putHealth(json, round.plan().versions().get(name));
      json.put("minReplicas", version.scaling().minReplicas())
          .put("maxReplicas", version.scaling().maxReplicas())
          .put("desiredReplicas", round.plan().targets().getOrDefault(name, 0));
      if (version.scaling().pinned().isPresent()) {
        json.put("pinned", version.scaling().pinned().getAsInt());
      } else {
        json.putNull("pinned");
      }
      json.put("source", source(version.source()));
      putPreparation(json, name);
      ArrayNode list = json.putArray("replicas");
      round.seen().replicas().stream()
          .filter(replica -> replica.version().equals(name))
          .forEach(replica -> list.add(replica(replica)));
      putNumbers(json, name);
      return json;
    }

    private void putPreparation(ObjectNode json, String version) {
      json.put("engine", "").putNull("artifact").putNull("prepare");
      Preparation preparation =
          round.seen().preparations().getOrDefault(version, new Preparation.Unknown());
      switch (preparation) {
        case Preparation.Prepared prepared -> {
          json.put("engine", prepared.engine());
          json.set("artifact", artifact(prepared));
        }
        case Preparation.Running(String label, long bytes, long totalBytes) ->
            json.putObject("prepare")
                .put("label", label)
                .put("bytes", bytes)
                .put("totalBytes", totalBytes);
        case Preparation.Unknown _, Preparation.Unusable _ -> {}
      }
    }

    private ObjectNode artifact(Preparation.Prepared prepared) {
      Artifact artifact = prepared.artifact();
      return JSON.objectNode()
          .put("format", artifact.format().name())
          .put("architecture", artifact.architecture())
          .put("parameters", artifact.parameters())
          .put("bytes", artifact.bytes())
          .put("contextLength", prepared.contextLength())
          .put("digest", artifact.digest());
    }

    private void putNumbers(ObjectNode json, String version) {
      Demand demand = round.seen().demand().getOrDefault(version, new Demand.Unknown());
      int waiting = demand instanceof Demand.Known known ? known.waiting() : 0;
      int inFlight = demand instanceof Demand.Known known ? known.inFlight() : 0;
      json.put("waiting", waiting)
          .put("inFlight", inFlight)
          .put("generationTokensPerSecond", rates.get().generated(version))
          .put("promptTokensPerSecond", rates.get().prompt(version));
      VersionStats seen = stats.apply(version);
      OptionalLong median = seen.firstTokenQuantile(0.5, now.minus(LATELY));
      if (median.isPresent()) {
        json.putObject("timeToFirstTokenMillis")
            .put("p50", median.getAsLong())
            .put("p95", seen.firstTokenQuantile(0.95, now.minus(LATELY)).orElse(0));
      } else {
        json.putNull("timeToFirstTokenMillis");
      }
    }

    private ObjectNode replica(Replica replica) {
      ObjectNode json =
          JSON.objectNode()
              .put("id", replica.id())
              .put("phase", replica.phase().getClass().getSimpleName())
              .put("since", replica.since().toString())
              .put("restarts", replica.restarts())
              .put(
                  "message",
                  replica.phase() instanceof Replica.Phase.Failed failed ? failed.message() : "");
      RunningReplica local = replicas.get(replica.id());
      json.putNull("pid");
      if (local != null) {
        local.pid().ifPresent(pid -> json.put("pid", pid));
        AgentState state = local.agent().state();
        json.put("slots", state.slots())
            .put("running", state.running())
            .put("waiting", state.waiting());
      } else {
        json.put("slots", 0).put("running", 0).put("waiting", 0);
      }
      return json;
    }

    /// The name of the Model that a version is of; null for one that only finishes what it has.
    private @Nullable String modelOf(String version) {
      Map<String, RolloutState> rollouts = round.plan().memory().rollouts();
      return round.seen().models().stream()
          .filter(model ->
              model.version().equals(version)
                  || Optional.ofNullable(rollouts.get(model.name()))
                      .filter(state -> state.active().equals(version))
                      .isPresent())
          .map(ModelSpec::name)
          .findFirst()
          .orElse(null);
    }

    private String source(ModelSource source) {
      return switch (source) {
        case ModelSource.LocalPath(String path) -> path;
        case ModelSource.Remote remote -> remote.uri();
        case ModelSource.Upstream upstream -> upstream.baseUrl();
      };
    }
  }
}
