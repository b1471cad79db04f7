package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Candidate;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Placement;
import dev.fairlead.core.route.PrefixMemory;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.openai.ApiError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The one queue of a version: requests wait here, in the order of their {@link WaitingLine}, until
/// a replica has a free slot, and nowhere else: no more is sent than the slots that are free, so
/// that a request of the highest priority is behind what runs already and nothing more. Any thread
/// may call it; one lock guards all of it, and no caller is called back under the lock.
final class VersionQueue {
  /// How a grant ended, as far as the replica is concerned.
  enum Ending {
    /// Nothing is to be learned from it.
    DONE,
    SERVED,
    FULL,
    LOST,
    /// As LOST, and it speaks against the replica.
    FAILED
  }

  /// More would wait longer than any client does, and each holds its body in memory.
  static final int MAX_WAITING = 4_096;

  private static final long SOONEST_MILLIS = 1_000;
  private static final long LATEST_MILLIS = 60_000;

  private final Map<String, ReplicaLoad> loads = new LinkedHashMap<>();
  private final WaitingLine waiting = new WaitingLine();
  private final PrefixMemory prefixes = new PrefixMemory();
  private final ReplicaHealths healths;
  private final Supplier<Duration> serviceTime;
  private VersionRoute route;
  private boolean closed;

  /// @param serviceTime how long a request has held a slot lately; called under the queue's lock
  VersionQueue(VersionRoute route, ReplicaHealths healths, Supplier<Duration> serviceTime) {
    this.route = route;
    this.healths = healths;
    this.serviceTime = serviceTime;
    routed(route);
  }

  synchronized VersionRoute route() {
    return route;
  }

  /// Puts a request in line; `again` puts it before its equals, for one that was placed before and
  /// came back. In a full line it takes the place of the last one of a lower priority. Returns
  /// whether a line begins with it, which is when the demand should be looked at.
  boolean join(Waiter waiter, boolean again) {
    Optional<Runnable> effect = Optional.empty();
    Waiter leaving = waiter;
    boolean first;
    synchronized (this) {
      first = waiting.isEmpty();
      if (closed) {
        effect = Optional.of(waiter::moved);
      } else if (route.blocked().isPresent() && !anyReady()) {
        effect = Optional.of(refusal(waiter, route.blocked().orElseThrow()));
      } else if (waiting.size() < MAX_WAITING) {
        waiting.add(waiter, again);
      } else {
        Optional<Waiter> displaced = waiting.removeLastBelow(waiter.priority());
        if (displaced.isPresent()) {
          waiting.add(waiter, again);
        }
        leaving = displaced.orElse(waiter);
        effect = Optional.of(full(leaving));
      }
    }
    if (effect.isPresent()) {
      leaving.loop().execute(effect.orElseThrow());
    }
    if (leaving.equals(waiter) && effect.isPresent()) {
      return false;
    }
    dispatch();
    return first && waiting() > 0;
  }

  /// Takes a request out of the line; false when it was granted already, or will be told otherwise.
  synchronized boolean leave(Waiter waiter) {
    return waiting.remove(waiter);
  }

  /// How many requests are before this one; -1 when it does not wait.
  synchronized int ahead(Waiter waiter) {
    return waiting.ahead(waiter);
  }

  /// How long the line needs to move on by so many requests, at the pace of late; between 1 and 60
  /// s. While no replica is ready that is the time to start one.
  synchronized Duration untilServed(int requests) {
    int slots = candidates(Set.of()).stream().mapToInt(Candidate::slots).sum();
    Duration wait =
        slots == 0
            ? route.expectedLoad()
            : serviceTime.get().multipliedBy(requests).dividedBy(slots);
    return Duration.ofMillis(Math.clamp(wait.toMillis(), SOONEST_MILLIS, LATEST_MILLIS));
  }

  synchronized int waiting() {
    return waiting.size();
  }

  synchronized int inFlight() {
    return loads.values().stream().mapToInt(ReplicaLoad::sent).sum();
  }

  /// Whether a request that joins now is placed at once.
  synchronized boolean hasRoom() {
    return waiting.isEmpty() && candidates(Set.of()).stream().anyMatch(Candidate::hasRoom);
  }

  /// How many replicas have said that they serve.
  synchronized int ready() {
    return (int) loads.values().stream().filter(ReplicaLoad::ready).count();
  }

  synchronized boolean anyReady() {
    for (ReplicaLoad load : loads.values()) {
      if (load.ready()) {
        return true;
      }
    }
    return false;
  }

  /// Takes the version's new topology. Replicas that are gone get nothing more; their running
  /// requests go on.
  void routed(VersionRoute now) {
    synchronized (this) {
      route = now;
      Map<String, ReplicaLoad> kept = new LinkedHashMap<>();
      for (Endpoint endpoint : now.endpoints()) {
        ReplicaLoad load = loads.get(endpoint.replica());
        kept.put(
            endpoint.replica(),
            load != null && load.endpoint().equals(endpoint) ? load : new ReplicaLoad(endpoint));
      }
      loads.clear();
      loads.putAll(kept);
      healths.retain(loads.keySet());
    }
    dispatch();
  }

  /// The version is not routed any more: every request looks its model up again.
  void close() {
    List<Waiter> moved;
    synchronized (this) {
      closed = true;
      moved = waiting.removeAll();
    }
    moved.forEach(waiter -> waiter.loop().execute(waiter::moved));
  }

  void heard(AgentState state) {
    List<Waiter> told = List.of();
    synchronized (this) {
      ReplicaLoad load = loads.get(state.replica());
      if (load != null) {
        boolean before = anyReady();
        load.heard(state);
        if (!before && anyReady()) {
          told = waiting.all();
        }
      }
    }
    told.forEach(waiter -> waiter.loop().execute(waiter::replicaReady));
    dispatch();
  }

  /// The agent of a replica is not heard any more.
  void lost(String replica) {
    synchronized (this) {
      ReplicaLoad load = loads.get(replica);
      if (load != null) {
        load.lost();
      }
    }
    dispatch();
  }

  synchronized void prefilled(ReplicaLoad load, long promptTokens) {
    load.prefilled(promptTokens);
  }

  void release(ReplicaLoad load, Ending ending) {
    synchronized (this) {
      load.release();
      switch (ending) {
        case DONE -> {}
        case SERVED -> healths.served(load.endpoint().replica());
        case FULL -> load.full();
        case LOST -> load.lost();
        case FAILED -> {
          load.lost();
          healths.failed(load.endpoint().replica());
        }
      }
      if (ending != Ending.SERVED && ending != Ending.FAILED) {
        healths.undecided(load.endpoint().replica());
      }
    }
    dispatch();
  }

  /// Whether the request failed at every replica that is ready, so that it waits for nothing.
  synchronized boolean failedEverywhere(Waiter waiter) {
    Set<Attempt> failedAt = waiter.failedAt();
    return !failedAt.isEmpty()
        && anyReady()
        && loads.values().stream()
            .noneMatch(load -> load.ready() && !failedAt.contains(load.attempt()));
  }

  /// How many replicas are left out.
  synchronized int ejected() {
    return healths.out();
  }

  /// How often one was left out.
  synchronized long ejections() {
    return healths.ejections();
  }

  /// Hands free slots to the requests at the head of the line; sends all of them away when no
  /// replica is ready and none can come. The topology and the agents may say either first.
  private void dispatch() {
    List<Runnable> effects = new ArrayList<>();
    synchronized (this) {
      if (route.blocked().isPresent() && !anyReady()) {
        String why = route.blocked().orElseThrow();
        waiting.removeAll().forEach(waiter -> effects.add(inLoop(waiter, refusal(waiter, why))));
      }
      Iterator<Waiter> line = waiting.iterator();
      while (line.hasNext()) {
        Waiter waiter = line.next();
        Optional<Endpoint> chosen = choose(waiter);
        if (chosen.isPresent()) {
          line.remove();
          Grant grant = grant(chosen.orElseThrow(), waiter);
          effects.add(inLoop(waiter, () -> waiter.granted(grant)));
        } else if (waiter.failedAt().isEmpty()) {
          // Nobody behind it finds room where it finds none; one that failed somewhere is choosier.
          break;
        }
      }
    }
    effects.forEach(Runnable::run);
  }

  private Optional<Endpoint> choose(Waiter waiter) {
    List<Candidate> candidates = candidates(waiter.failedAt());
    Map<String, Integer> known = candidates.size() > 1 ? prefixes.known(waiter.prompt()) : Map.of();
    return Placement.choose(candidates, waiter.affinity(), known);
  }

  private Grant grant(Endpoint endpoint, Waiter waiter) {
    ReplicaLoad load = loads.get(endpoint.replica());
    if (load == null) {
      throw new IllegalStateException("no load for " + endpoint);
    }
    load.charge(waiter.promptTokens());
    healths.given(endpoint.replica());
    if (loads.size() > 1) {
      prefixes.given(endpoint.replica(), waiter.prompt());
    }
    return new Grant(this, load, waiter.promptTokens());
  }

  private List<Candidate> candidates(Set<Attempt> failedAt) {
    List<Candidate> candidates = new ArrayList<>(loads.size());
    for (ReplicaLoad load : loads.values()) {
      if (failedAt.isEmpty() || !failedAt.contains(load.attempt())) {
        load.candidate().ifPresent(candidates::add);
      }
    }
    return healths.left(candidates);
  }

  private static Runnable inLoop(Waiter waiter, Runnable effect) {
    return () -> waiter.loop().execute(effect);
  }

  /// A tenth of the line is as far as it should have moved on before it makes sense to come back.
  private Runnable full(Waiter waiter) {
    ApiError error = GatewayErrors.queueFull(MAX_WAITING, untilServed(MAX_WAITING / 10));
    return () -> waiter.refused(error);
  }

  private Runnable refusal(Waiter waiter, String why) {
    ApiError error = GatewayErrors.notAvailable(route.version(), why);
    return () -> waiter.refused(error);
  }
}
