package dev.fairlead.app.local;

import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.core.plan.Replica.Phase;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentEvents;
import dev.fairlead.dataplane.agent.EnginePhase;
import dev.fairlead.dataplane.agent.EngineTarget;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.engines.process.EngineLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// A server elsewhere as a replica: an agent of this JVM that sends requests on to it. Nothing is
/// started or stopped but the agent; whether the server answers, the agent finds out. Safe for
/// every thread; one lock guards its state.
final class ServerReplica implements RunningReplica {
  private static final Executor OFF_LOOP = task -> Thread.ofVirtual().start(task);

  private static final long KEY_SECONDS = 10;

  private final LocalReplica.Parts parts;
  private final Server server;
  private final Identity identity;
  private volatile Optional<String> key = Optional.empty();
  private Phase phase = new Phase.Starting();
  private Instant since;
  private boolean stopping;

  /// What it sends requests on to.
  ///
  /// @param key reads the server's key anew; may block
  record Server(String baseUrl, Supplier<Optional<String>> key) {}

  /// `agentOf` starts the agent with the events that it shall tell to this replica.
  ServerReplica(
      LocalReplica.Parts parts,
      String id,
      VersionSpec version,
      Server server,
      Function<AgentEvents, Agent> agentOf) {
    this.parts = parts;
    this.server = server;
    this.since = parts.clock().instant();
    EngineLog log = new EngineLog(1, 1 << 10);
    log.startRun()
        .append(
            "requests are handed on to %s, which keeps its own log".formatted(server.baseUrl()));
    this.identity = Identity.of(id, version, agentOf.apply(new Events()), log);
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public Replica observe() {
    AgentState state = agent().state();
    synchronized (this) {
      return new Replica(identity.endpoint(), phase, since, state.running() + state.waiting(), 0);
    }
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  /// Nothing is loaded.
  @Override
  public Duration loadTime() {
    return Duration.ZERO;
  }

  @Override
  public void start() {
    EngineTarget target = EngineTarget.server(server.baseUrl(), () -> key);
    OFF_LOOP.execute(() -> {
      readKey();
      agent().engineElsewhere(target);
    });
  }

  /// Reads the key now and then, off the agent's loop: a rotated one is taken up.
  private void readKey() {
    key = server.key().get();
    synchronized (this) {
      if (stopping) {
        return;
      }
    }
    var _ =
        parts
            .timer()
            .schedule(() -> OFF_LOOP.execute(this::readKey), KEY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void drain(String why) {
    synchronized (this) {
      if (stopping) {
        return;
      }
      stopping = true;
      enter(new Phase.Draining());
    }
    note(Note.Severity.NORMAL, "Draining", why);
    // Off the agent's loop, which must not close its own server.
    var _ = agent().drain().thenRunAsync(this::end, OFF_LOOP);
  }

  @Override
  public void kill() {
    synchronized (this) {
      stopping = true;
    }
    end();
  }

  private void end() {
    agent().close();
    if (ended().complete(null)) {
      parts.changed().run();
    }
  }

  private synchronized void enter(Phase next) {
    phase = next;
    since = parts.clock().instant();
    parts.changed().run();
  }

  private void note(Note.Severity severity, String reason, String message) {
    parts.journal().note(new Note(severity, reason, id(), message));
  }

  private final class Events implements AgentEvents {
    @Override
    public void phaseChanged(EnginePhase now, String why) {
      synchronized (ServerReplica.this) {
        if (stopping || now != EnginePhase.READY) {
          return;
        }
        enter(new Phase.Ready());
      }
      note(Note.Severity.NORMAL, "ReplicaReady", why);
    }

    /// It is asked again and again: the same answer is told once.
    @Override
    public void warmUpFailed(String why) {
      Phase failure = new Phase.Failed("UpstreamUnreachable", why, false);
      synchronized (ServerReplica.this) {
        if (stopping || phase.equals(failure)) {
          return;
        }
        enter(failure);
      }
      note(Note.Severity.WARNING, "UpstreamUnreachable", why + "; it is asked again");
    }
  }
}
