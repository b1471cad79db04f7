package dev.fairlead.app.local;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.plan.Action;
import dev.fairlead.core.plan.Health;
import dev.fairlead.core.plan.Memory;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Observation;
import dev.fairlead.core.plan.Plan;
import dev.fairlead.core.plan.Planner;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.core.scale.DemandFeed;
import dev.fairlead.engines.host.HostResources;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The local control loop: observes, lets {@link Planner} decide, acts, and keeps the result for
/// who asks. Runs on one thread of its own; `latest` may be called from any thread.
final class ControlLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

  private final DesiredState desired;
  private final Preparer preparer;
  private final LocalExecutor executor;
  private final LocalRoutes routes;
  private final DemandFeed demand;
  private final Journal journal;
  private final InstantSource clock;
  private final Signal signal;
  private final Runnable reported;
  private final Map<String, VersionSpec> known = new LinkedHashMap<>();
  private Memory memory = Memory.empty();
  private volatile Round latest;
  private volatile boolean closed;
  private final Thread thread;

  /// What a round saw and decided.
  record Round(Observation seen, Plan plan) {}

  /// The parts that a loop joins together.
  record Parts(
      DesiredState desired,
      Preparer preparer,
      LocalExecutor executor,
      LocalRoutes routes,
      DemandFeed demand,
      Journal journal,
      InstantSource clock,
      Signal signal,
      Runnable reported) {}

  ControlLoop(Parts parts) {
    desired = parts.desired();
    preparer = parts.preparer();
    executor = parts.executor();
    routes = parts.routes();
    demand = parts.demand();
    journal = parts.journal();
    clock = parts.clock();
    signal = parts.signal();
    reported = parts.reported();
    Observation first = observe();
    latest = new Round(first, Planner.plan(first, memory, clock.instant()));
    thread = Thread.ofPlatform().name("control-loop").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Round latest() {
    return latest;
  }

  @Override
  public void close() {
    closed = true;
    signal.raise();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        round();
        signal.await(latest.plan().wakeAfter());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // Whatever it was: a Fairlead that decides nothing any more looks alive and is not.
        log.error("a round of the control loop failed", e);
        closed |= !pause();
      }
    }
  }

  private boolean pause() {
    try {
      signal.await(Duration.ofSeconds(1));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void round() {
    Observation seen = observe();
    Plan plan = Planner.plan(seen, memory, clock.instant());
    memory = plan.memory();
    noteShortages(plan);
    latest = new Round(seen, plan);
    plan.notes().forEach(journal::note);
    routes.publish(plan.routes());
    plan.actions().forEach(this::act);
    reported.run();
  }

  /// An action that fails is planned again in the next round; it keeps no other from being carried
  /// out.
  private void act(Action action) {
    try {
      executor.apply(action);
    } catch (RuntimeException e) {
      log.error("an action failed action={}", action.getClass().getSimpleName(), e);
    }
  }

  /// A version that has become too big for the machine is told once; every other failure is told
  /// where it happens.
  private void noteShortages(Plan plan) {
    plan.versions()
        .forEach((version, health) -> {
          boolean before = isShort(latest.plan().versions().get(version));
          if (!before && isShort(health)) {
            journal.note(
                new Note(Note.Severity.WARNING, health.reason(), version, health.message()));
          }
        });
  }

  private static boolean isShort(@Nullable Health health) {
    return health != null
        && health.state() == Health.State.FAILED
        && health.reason().equals("InsufficientMemory");
  }

  private Observation observe() {
    DesiredState.Snapshot wanted = desired.snapshot();
    List<ModelSpec> models = wanted.resolved().models();
    List<RunningReplica> replicas = executor.replicas();
    remember(wanted.resolved().versions(), replicas);
    HostResources host = HostResources.now();
    Map<String, Preparation> preparations = preparer.states();
    long available = Math.max(0, host.memoryAvailable() - mappedWeights(replicas, preparations));
    Map<String, Demand> demands = new HashMap<>();
    known.keySet().forEach(version -> demands.put(version, demand.demand(version)));
    return new Observation(
        models,
        List.copyOf(known.values()),
        preparations,
        replicas.stream().map(RunningReplica::observe).toList(),
        demands,
        executor.coldStarts(),
        new HostFit(host.cores(), available));
  }

  /// The kernel counts the mapped weights of running engines as available, because it could drop
  /// them; an engine would then read them from disk for every token. Replicas of one file share
  /// them.
  private static long mappedWeights(
      List<RunningReplica> replicas, Map<String, Preparation> preparations) {
    Map<String, Long> bytes = new HashMap<>();
    for (RunningReplica replica : replicas) {
      if (preparations.get(replica.version()) instanceof Preparation.Prepared prepared) {
        bytes.put(prepared.artifact().path(), prepared.artifact().bytes());
      }
    }
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Versions stay known while a rollout still leans on them or a replica of theirs runs. A name
  /// that was deleted and written anew between two rounds stands for something else: nothing that
  /// was known of it holds.
  private void remember(List<VersionSpec> wanted, List<RunningReplica> replicas) {
    Set<String> used = replicas.stream().map(RunningReplica::version).collect(Collectors.toSet());
    memory.rollouts().values().forEach(state -> used.add(state.active()));
    Set<String> named = wanted.stream().map(VersionSpec::name).collect(Collectors.toSet());
    known
        .keySet()
        .removeIf(version -> {
          boolean gone = !named.contains(version) && !used.contains(version);
          if (gone) {
            preparer.forget(version);
            executor.forget(version);
          }
          return gone;
        });
    wanted.forEach(version -> {
      VersionSpec before = known.put(version.name(), version);
      if (before != null && !before.sameTemplate(version)) {
        preparer.forget(version.name());
        executor.forget(version.name());
        executor.replaceOutdated(version);
      }
    });
  }
}
