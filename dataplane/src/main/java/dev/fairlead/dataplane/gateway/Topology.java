package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.core.scale.DemandFeed;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// What a gateway knows of the models: the last route table, a queue for each version and a watch
/// on each agent. Tables come from one thread at a time; everything else may be called from any
/// thread.
final class Topology implements DemandFeed, AutoCloseable {
  private final EventLoops loops;
  private final HttpClient client;
  private final String agentToken;
  private final Supplier<ReplicaHealths> healths;
  private final Map<String, VersionQueue> queues = new ConcurrentHashMap<>();
  private final Map<String, VersionStats> stats = new ConcurrentHashMap<>();
  private final Map<String, StateWatch> watches = new HashMap<>();
  private volatile RouteTable table = RouteTable.empty();

  Topology(
      EventLoops loops, HttpClient client, String agentToken, Supplier<ReplicaHealths> healths) {
    this.loops = loops;
    this.client = client;
    this.agentToken = agentToken;
    this.healths = healths;
  }

  RouteTable table() {
    return table;
  }

  Optional<VersionQueue> queue(String version) {
    return Optional.ofNullable(queues.get(version));
  }

  VersionStats stats(String version) {
    return stats.computeIfAbsent(version, _ -> new VersionStats());
  }

  /// How many requests wait, by version.
  Map<String, Integer> queueSizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    queues.forEach((version, queue) -> sizes.put(version, queue.waiting()));
    return sizes;
  }

  /// Hands over each version's queue.
  void forEachQueue(BiConsumer<String, VersionQueue> action) {
    queues.forEach(action);
  }

  @Override
  public Demand demand(String version) {
    VersionStats seen = stats(version);
    VersionQueue queue = queues.get(version);
    return new Demand.Known(
        seen.totals().arrivals(),
        queue == null ? 0 : queue.waiting(),
        (queue == null ? 0 : queue.inFlight()) + seen.overflowing(),
        seen.serviceTime());
  }

  /// Takes a new table: queues, watches and counters follow it. Requests that wait at a version
  /// that is not routed any more look their model up again.
  synchronized void routed(RouteTable now) {
    Map<String, VersionRoute> versions = new LinkedHashMap<>();
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    for (Route route : now.routes()) {
      route
          .reachable()
          .forEach(version -> {
            versions.put(version.version(), version);
            version.endpoints().forEach(endpoint -> endpoints.put(endpoint.replica(), endpoint));
          });
    }
    versions.forEach((name, route) -> {
      VersionQueue queue = queues.get(name);
      if (queue == null) {
        queues.put(name, new VersionQueue(route, healths.get(), () -> stats(name).serviceTime()));
      } else {
        queue.routed(route);
      }
    });
    watch(endpoints);
    table = now;
    stats.keySet().retainAll(versions.keySet());
    List<VersionQueue> closed = new ArrayList<>();
    queues
        .entrySet()
        .removeIf(entry -> {
          if (versions.containsKey(entry.getKey())) {
            return false;
          }
          closed.add(entry.getValue());
          return true;
        });
    closed.forEach(VersionQueue::close);
  }

  private void watch(Map<String, Endpoint> endpoints) {
    watches
        .entrySet()
        .removeIf(entry -> {
          boolean kept = entry.getValue().endpoint().equals(endpoints.get(entry.getKey()));
          if (!kept) {
            entry.getValue().close();
          }
          return !kept;
        });
    endpoints.forEach((replica, endpoint) -> {
      if (!watches.containsKey(replica)) {
        StateWatch watch =
            new StateWatch(endpoint, loops.next(), client, agentToken, new Feed(endpoint));
        watches.put(replica, watch);
        watch.start();
      }
    });
  }

  @Override
  public synchronized void close() {
    watches.values().forEach(StateWatch::close);
    watches.clear();
  }

  /// Hands what one agent says to the queue of its version.
  private final class Feed implements StateWatch.Listener {
    private final String version;

    Feed(Endpoint endpoint) {
      this.version = endpoint.version();
    }

    @Override
    public void heard(AgentState state) {
      queue(version).ifPresent(queue -> queue.heard(state));
    }

    @Override
    public void lost(Endpoint endpoint) {
      queue(version).ifPresent(queue -> queue.lost(endpoint.replica()));
    }
  }
}
