package dev.fairlead.app.local;

import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Action;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentEvents;
import dev.fairlead.dataplane.agent.AgentOptions;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.catalogue.EngineLaunch;
import dev.fairlead.engines.catalogue.LaunchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out plans with child processes. Actions come from the control loop's thread; everything
/// else may be called from any thread.
final class LocalExecutor {
  private static final Logger log = LoggerFactory.getLogger(LocalExecutor.class);

  private static final long SLOW_DISK_BYTES_PER_SECOND = 20L << 20;

  /// Starts that follow each other in less time are tries of one.
  private static final Duration SAME_FAILURE = Duration.ofMinutes(10);

  /// Why a version's last start failed, and when.
  private record StartFailure(String why, Instant at) {}

  /// What replicas are started with.
  ///
  /// @param program how the engine is started, before its arguments; fetched when first asked for
  record Machinery(
      AgentRuntime agents,
      String agentToken,
      EngineCatalogue catalogue,
      Supplier<List<String>> program,
      Secrets secrets) {}

  private final Machinery machinery;
  private final LocalReplica.Parts parts;
  private final Preparer preparer;
  private final Map<String, RunningReplica> replicas = new LinkedHashMap<>();
  private final Map<String, Duration> coldStarts = new ConcurrentHashMap<>();
  private final Map<String, RunningReplica> latest = new ConcurrentHashMap<>();
  private final Map<String, StartFailure> startFailures = new ConcurrentHashMap<>();

  LocalExecutor(Machinery machinery, LocalReplica.Parts parts, Preparer preparer) {
    this.machinery = machinery;
    this.parts = parts;
    this.preparer = preparer;
  }

  void apply(Action action) {
    switch (action) {
      case Action.Prepare(VersionSpec version) -> preparer.prepare(version);
      case Action.Start start -> start(start);
      case Action.Drain(String replica, String why) ->
          find(replica).ifPresent(found -> found.drain(why));
    }
  }

  synchronized List<RunningReplica> replicas() {
    replicas.values().removeIf(replica -> replica.ended().isDone());
    return new ArrayList<>(replicas.values());
  }

  /// How long the replicas of each version took to start, the latest measure.
  Map<String, Duration> coldStarts() {
    for (RunningReplica replica : replicas()) {
      if (!replica.loadTime().isZero()) {
        coldStarts.put(replica.version(), replica.loadTime());
      }
    }
    return Map.copyOf(coldStarts);
  }

  /// The replica of that id, or the latest of the version of that name, gone ones included.
  Optional<RunningReplica> latest(String name) {
    return find(name).or(() -> Optional.ofNullable(latest.get(name)));
  }

  /// Drains the replicas that run something else under a version's name than it now says.
  void replaceOutdated(VersionSpec now) {
    replicas().stream()
        .filter(replica -> replica.version().equals(now.name()) && !replica.runs(now))
        .forEach(replica -> replica.drain("%s was deleted and written anew".formatted(now.name())));
  }

  /// Forgets what was kept of a version.
  void forget(String version) {
    latest.remove(version);
    coldStarts.remove(version);
    startFailures.remove(version);
  }

  /// Drains all replicas and waits for them up to `limit`; then ends those that are left.
  void close(Duration limit) {
    List<RunningReplica> running = replicas();
    running.forEach(replica -> replica.drain("Fairlead stops"));
    await(running, limit);
    killAll();
  }

  /// Ends every replica at once.
  void killAll() {
    List<RunningReplica> running = replicas();
    running.forEach(RunningReplica::kill);
    await(running, Duration.ofSeconds(4));
  }

  private static void await(List<RunningReplica> replicas, Duration limit) {
    CompletableFuture<?>[] endings =
        replicas.stream().map(RunningReplica::ended).toArray(CompletableFuture[]::new);
    var _ =
        CompletableFuture.allOf(endings)
            .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
            .join();
  }

  private synchronized Optional<RunningReplica> find(String replica) {
    return Optional.ofNullable(replicas.get(replica));
  }

  /// One that fails is planned again in the next round.
  private void start(Action.Start action) {
    String version = action.version().name();
    try {
      begin(action);
      startFailures.remove(version);
    } catch (RuntimeException e) {
      startFailed(version, e);
    }
  }

  /// The same failure is told once, however often it is tried again; and anew after a while in
  /// which nothing was tried.
  private void startFailed(String version, RuntimeException failure) {
    String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    Instant now = parts.clock().instant();
    StartFailure before = startFailures.put(version, new StartFailure(why, now));
    if (before != null
        && before.why().equals(why)
        && now.isBefore(before.at().plus(SAME_FAILURE))) {
      return;
    }
    log.debug("a start failed version={}", version, failure);
    parts
        .journal()
        .note(
            new Note(
                Note.Severity.WARNING,
                "StartFailed",
                version,
                "no replica could be started: %s; it is tried again and again".formatted(why)));
  }

  private void begin(Action.Start action) {
    VersionSpec version = action.version();
    String id = newId(version.name());
    RunningReplica replica =
        version.source() instanceof ModelSource.Upstream upstream
            ? server(id, version, upstream)
            : process(id, action);
    synchronized (this) {
      replicas.put(id, replica);
    }
    latest.put(version.name(), replica);
    replica.start();
    parts.changed().run();
  }

  private RunningReplica process(String id, Action.Start action) {
    VersionSpec version = action.version();
    Preparation.Prepared prepared = action.prepared();
    EngineLaunch launch =
        machinery
            .catalogue()
            .command(
                new LaunchRequest(
                    machinery.program().get(),
                    prepared.artifact(),
                    version.engine(),
                    action.threads()));
    AgentOptions options = options(id, version).withPurpose(prepared.artifact().purpose());
    RunningReplica made =
        new LocalReplica(
            parts,
            id,
            version,
            new LocalReplica.Program(
                machinery.catalogue().engine(launch.engine()),
                launch,
                startLimit(prepared.artifact().bytes())),
            events -> agent(options, events));
    starting(
        id,
        "%s with %d %s"
            .formatted(
                launch.engine(), action.threads(), action.threads() == 1 ? "thread" : "threads"));
    return made;
  }

  private RunningReplica server(String id, VersionSpec version, ModelSource.Upstream upstream) {
    RunningReplica made =
        new ServerReplica(
            parts,
            id,
            version,
            new ServerReplica.Server(
                upstream.baseUrl(),
                () -> upstream.secretRef().flatMap(name -> machinery.secrets().token(name))),
            events -> agent(options(id, version), events));
    starting(id, "hands requests on to %s".formatted(upstream.baseUrl()));
    return made;
  }

  private AgentOptions options(String id, VersionSpec version) {
    return AgentOptions.of(
        id,
        id,
        version.name(),
        version.engine().maxBatchSize(),
        Tokens.of(List.of(machinery.agentToken())));
  }

  private void starting(String id, String how) {
    parts.journal().note(new Note(Note.Severity.NORMAL, "Starting", id, how));
  }

  /// Two minutes, and the time to read the file from a slow disk.
  private static Duration startLimit(long bytes) {
    return Duration.ofMinutes(2).plusSeconds(bytes / SLOW_DISK_BYTES_PER_SECOND);
  }

  private Agent agent(AgentOptions options, AgentEvents events) {
    return Agent.start(options, machinery.agents(), events);
  }

  private String newId(String version) {
    return "%s-%05x".formatted(version, parts.random().nextInt(1 << 20));
  }
}
