package dev.fairlead.app.local;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.core.plan.Replica.Phase;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentEvents;
import dev.fairlead.dataplane.agent.EnginePhase;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.engines.catalogue.EngineDefinition;
import dev.fairlead.engines.catalogue.EngineLaunch;
import dev.fairlead.engines.process.Backoff;
import dev.fairlead.engines.process.ChildExit;
import dev.fairlead.engines.process.ChildProcess;
import dev.fairlead.engines.process.EngineLog;
import dev.fairlead.engines.process.FailureCause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A process of this machine as a replica: an agent of this JVM and the engine's process behind it,
/// started again with a back-off when it fails. Safe for every thread; one lock guards its state.
final class LocalReplica implements RunningReplica {
  private static final int CAUSE_LINES = 12;
  private static final Duration STOP_GRACE = Duration.ofSeconds(2);
  private static final Executor OFF_LOOP = task -> Thread.ofVirtual().start(task);

  /// What every replica of an installation works with.
  record Parts(
      Journal journal,
      InstantSource clock,
      RandomGenerator random,
      ScheduledExecutorService timer,
      Runnable changed) {}

  /// What it runs, and how long that may take to serve.
  record Program(EngineDefinition engine, EngineLaunch launch, Duration startLimit) {}

  private final Parts parts;
  private final EngineDefinition engine;
  private final EngineLaunch launch;
  private final Duration startLimit;
  private final Identity identity;
  private @Nullable ChildProcess child;
  private Phase phase = new Phase.Starting();
  private Instant since;
  private Instant startedAt;
  private Backoff backoff = Backoff.none();
  private Duration loadTime = Duration.ZERO;
  private int restarts;
  private String lastWarmUpFailure = "";
  private boolean listens;
  private boolean stopping;

  /// `agentOf` starts the agent with the events that it shall tell to this replica.
  LocalReplica(
      Parts parts,
      String id,
      VersionSpec version,
      Program program,
      Function<AgentEvents, Agent> agentOf) {
    this.parts = parts;
    this.engine = program.engine();
    this.launch = program.launch();
    this.startLimit = program.startLimit();
    this.since = parts.clock().instant();
    this.startedAt = since;
    this.identity =
        Identity.of(id, version, agentOf.apply(new Events()), new EngineLog(2_000, 512 << 10));
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public Replica observe() {
    AgentState state = agent().state();
    synchronized (this) {
      return new Replica(
          identity.endpoint(), phase, since, state.running() + state.waiting(), restarts);
    }
  }

  @Override
  public synchronized OptionalLong pid() {
    return child == null ? OptionalLong.empty() : OptionalLong.of(child.pid());
  }

  @Override
  public synchronized Duration loadTime() {
    return loadTime;
  }

  /// Starts the engine's process; when that cannot even be started, that is one more failure.
  @Override
  public void start() {
    synchronized (this) {
      if (stopping) {
        return;
      }
      startedAt = parts.clock().instant();
      listens = false;
      enter(new Phase.Starting());
    }
    ChildProcess started;
    try {
      started = ChildProcess.start(launch, log().startRun(), this::line);
    } catch (RuntimeException e) {
      log().current().end();
      failed(new Phase.Failed("StartFailed", String.valueOf(e.getMessage()), false), List.of());
      return;
    }
    boolean unwanted;
    synchronized (this) {
      child = started;
      unwanted = stopping;
    }
    var _ =
        parts
            .timer()
            .schedule(() -> endIfLate(started), startLimit.toMillis(), TimeUnit.MILLISECONDS);
    var _ = started.onExit().thenAccept(this::exited);
    if (unwanted) {
      var _ = started.stop(STOP_GRACE);
    }
  }

  /// Nothing is scaled down while a replica starts, so a load that hangs must end by itself.
  private void endIfLate(ChildProcess started) {
    synchronized (this) {
      if (phase instanceof Phase.Ready || stopping || !started.equals(child)) {
        return;
      }
    }
    note(
        Note.Severity.WARNING,
        "StartTimeout",
        "not ready within %d s: ended, to be started again".formatted(startLimit.toSeconds()));
    started.kill();
  }

  @Override
  public void drain(String why) {
    boolean serving;
    synchronized (this) {
      if (stopping) {
        return;
      }
      stopping = true;
      serving = phase instanceof Phase.Ready;
      enter(new Phase.Draining());
    }
    note(Note.Severity.NORMAL, "Draining", why);
    if (serving) {
      // Off the agent's loop, which must not close its own server.
      var _ = agent().drain().thenRunAsync(this::end, OFF_LOOP);
    } else {
      end();
    }
  }

  @Override
  public void kill() {
    synchronized (this) {
      stopping = true;
    }
    end();
  }

  private void end() {
    ChildProcess running;
    synchronized (this) {
      running = child;
    }
    if (running == null) {
      finished();
    } else {
      var _ = running.stop(STOP_GRACE).thenRunAsync(this::finished, OFF_LOOP);
    }
  }

  private void finished() {
    agent().close();
    if (ended().complete(null)) {
      parts.changed().run();
    }
  }

  private void line(String text) {
    OptionalInt port = engine.listeningPort(text);
    if (port.isEmpty()) {
      return;
    }
    synchronized (this) {
      // Some engines say it twice; to the agent that would be another engine.
      if (listens) {
        return;
      }
      listens = true;
    }
    agent().engineListening("127.0.0.1", port.getAsInt());
  }

  private void exited(ChildExit exit) {
    FailureCause cause = FailureCause.of(exit, log().current().lines());
    agent().engineGone(cause.message());
    synchronized (this) {
      child = null;
    }
    failed(
        new Phase.Failed(CamelCase.of(cause.kind()), cause.message(), cause.permanent()),
        log().current().last(CAUSE_LINES));
  }

  /// Tells of a failure and starts again after a while, unless that is pointless.
  private void failed(Phase.Failed failure, List<String> lastLines) {
    Duration delay;
    synchronized (this) {
      if (stopping) {
        return;
      }
      Duration healthy =
          phase instanceof Phase.Ready
              ? Duration.between(since, parts.clock().instant())
              : Duration.ZERO;
      backoff = backoff.failed(healthy);
      delay = backoff.delay(parts.random());
      enter(failure);
    }
    String next =
        failure.permanent()
            ? "it is not started again as it is"
            : "started again in %.1f s".formatted(delay.toMillis() / 1e3);
    String last =
        lastLines.isEmpty()
            ? ""
            : ". The last lines of its log:\n%s".formatted(String.join("\n", lastLines));
    note(
        Note.Severity.WARNING, "EngineFailed", "%s; %s%s".formatted(failure.message(), next, last));
    if (!failure.permanent()) {
      var _ = parts.timer().schedule(this::startAgain, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void startAgain() {
    int restart;
    synchronized (this) {
      if (stopping) {
        return;
      }
      restart = ++restarts;
    }
    note(Note.Severity.NORMAL, "Starting", "restart %d".formatted(restart));
    start();
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
      Duration took = Duration.ZERO;
      synchronized (LocalReplica.this) {
        if (stopping) {
          return;
        }
        switch (now) {
          case ABSENT -> {}
          case LOADING -> {
            lastWarmUpFailure = "";
            enter(new Phase.Loading());
          }
          case WARMING -> enter(new Phase.Warming());
          case READY -> {
            enter(new Phase.Ready());
            loadTime = Duration.between(startedAt, since);
            took = loadTime;
          }
        }
      }
      if (now == EnginePhase.READY) {
        note(
            Note.Severity.NORMAL,
            "ReplicaReady",
            "ready after %.1f s".formatted(took.toMillis() / 1e3));
      }
    }

    /// It is asked again each second: the same answer is told once.
    @Override
    public void warmUpFailed(String why) {
      boolean told;
      synchronized (LocalReplica.this) {
        told = why.equals(lastWarmUpFailure);
        lastWarmUpFailure = why;
      }
      if (!told) {
        note(Note.Severity.WARNING, "WarmUpFailed", why);
      }
    }
  }
}
