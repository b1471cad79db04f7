package dev.fairlead.app.local;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.engines.process.EngineLog;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// One replica of this installation, whatever runs its model: an agent of this JVM and what stands
/// behind it. Safe for every thread.
sealed interface RunningReplica permits LocalReplica, ServerReplica {
  String id();

  /// The name of its version.
  String version();

  /// Whether it runs what the version of that name now says.
  boolean runs(VersionSpec now);

  /// What its engine prints.
  EngineLog log();

  /// Completes when the engine and the agent are gone.
  CompletableFuture<Void> ended();

  Agent agent();

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
