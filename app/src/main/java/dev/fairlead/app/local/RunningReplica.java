package dev.fairlead.app.local;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.engines.process.EngineLog;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// One replica of this installation, whatever runs its model: an agent of this JVM and what stands
/// behind it. Safe for every thread.
sealed interface RunningReplica permits LocalReplica, ServerReplica {
  /// What a replica has from its first moment to its last.
  ///
  /// @param log what its engine prints
  /// @param ended completes when the engine and the agent are gone
  record Identity(
      VersionSpec version,
      Agent agent,
      Endpoint endpoint,
      EngineLog log,
      CompletableFuture<Void> ended) {
    static Identity of(String id, VersionSpec version, Agent agent, EngineLog log) {
      return new Identity(
          version,
          agent,
          new Endpoint(id, version.name(), "127.0.0.1", agent.port()),
          log,
          new CompletableFuture<>());
    }
  }

  Identity identity();

  default String id() {
    return identity().endpoint().replica();
  }

  /// The name of its version.
  default String version() {
    return identity().version().name();
  }

  /// Whether it runs what the version of that name now says.
  default boolean runs(VersionSpec now) {
    return identity().version().sameTemplate(now);
  }

  default EngineLog log() {
    return identity().log();
  }

  default CompletableFuture<Void> ended() {
    return identity().ended();
  }

  default Agent agent() {
    return identity().agent();
  }

  Replica observe();

  /// The engine's process; absent where there is none of ours.
  OptionalLong pid();

  /// How long the last start took until the replica served; zero when it never did.
  Duration loadTime();

  void start();

  /// Takes nothing new, lets running requests finish, then ends. A replica that does not serve yet
  /// ends at once.
  void drain(String why);

  /// Ends it now, whatever runs.
  void kill();
}
