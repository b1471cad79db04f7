package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.route.RouteSource;
import dev.fairlead.core.scale.DemandFeed;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.EndpointKind;
import dev.fairlead.dataplane.openai.ModelList;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Serves the OpenAI API: it knows the models from a {@link RouteSource}, holds requests until a
/// replica has room, and relays the answers of agents. Keys are checked in front of it ({@link
/// ApiKeys}). Safe for every thread; each request stays on the event loop of its client.
public final class Gateway implements CallerHandler, AutoCloseable {
  static final String MODELS = "/v1/models";
  private static final String PATHS =
      Stream.of(EndpointKind.values()).map(EndpointKind::path).collect(Collectors.joining(", "));

  private final Topology topology;
  private final InferenceParts parts;
  private final RecentRequests recent;
  private final Door door;

  /// Everything that a gateway is made of but its options.
  ///
  /// @param demandChanged runs when a request begins to wait where none waited before, from any
  ///   thread: a control loop that listens starts a replica at once instead of at its next round
  /// @param limits counts what tenants use; whoever made it closes it
  /// @param sinks are told of every settled request, after the gateway's own record of recent ones
  public record Wiring(
      EventLoops loops,
      HttpClient client,
      RouteSource routes,
      PrometheusRegistry metrics,
      InstantSource clock,
      RandomGenerator random,
      Runnable demandChanged,
      LimitStore limits,
      List<RequestSink> sinks) {
    public Wiring {
      sinks = List.copyOf(sinks);
    }
  }

  public Gateway(GatewayOptions options, Wiring wiring) {
    recent = new RecentRequests(wiring.clock());
    Resilience resilience = options.resilience();
    topology =
        new Topology(
            wiring.loops(),
            wiring.client(),
            options.agentToken(),
            () -> new ReplicaHealths(resilience.ejection(), wiring.clock()));
    Retries retries = new Retries(resilience, wiring.clock());
    GatewayMetrics metrics = new GatewayMetrics(wiring.metrics(), topology, retries);
    parts =
        new InferenceParts(
            options,
            topology,
            wiring.client(),
            metrics,
            wiring.clock(),
            wiring.random(),
            Stream.concat(Stream.of(recent::add), wiring.sinks().stream()).toList(),
            wiring.demandChanged(),
            retries,
            new Admissions(wiring.limits(), wiring.metrics()));
    door = new Door(wiring.sinks(), wiring.metrics(), wiring.clock(), parts::newRequestId);
    wiring.routes().subscribe(topology::routed);
  }

  /// What the gateway has seen of each version, for the control loop.
  public DemandFeed demand() {
    return topology;
  }

  /// The counters of a version, for the console; they begin anew when the version was not routed
  /// for a while.
  public VersionStats stats(String version) {
    return topology.stats(version);
  }

  /// How many replicas of the version have said that they serve.
  int readyReplicas(String version) {
    return topology.queue(version).map(VersionQueue::ready).orElse(0);
  }

  /// What became of the latest requests.
  public RecentRequests recent() {
    return recent;
  }

  /// Where requests end that are refused in front of the gateway.
  public Door door() {
    return door;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange, Caller caller) {
    String path = exchange.path();
    Optional<EndpointKind> kind = EndpointKind.of(path);
    if (kind.isPresent()) {
      if (exchange.method().equals("POST")) {
        return new Inference(
            parts, exchange, new Inference.Asked(kind.orElseThrow(), parts.newRequestId(), caller));
      }
      door.refuseMethod(exchange, caller, "POST");
      return BodyReceiver.ignore();
    }
    if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
      if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
        door.refuseMethod(exchange, caller, "GET, HEAD");
      } else {
        models(exchange, caller);
      }
      return BodyReceiver.ignore();
    }
    door.refuse(
        exchange,
        Optional.of(caller),
        ApiError.notFound(
            "Nothing is served at %s. There are /v1/models and, by POST, %s."
                .formatted(path, PATHS)));
    return BodyReceiver.ignore();
  }

  private void models(ServerExchange exchange, Caller caller) {
    VisibleModels models = new VisibleModels(topology.table(), caller.tenant());
    String path = exchange.path();
    if (path.equals(MODELS) || path.equals(MODELS + "/")) {
      Answers.json(exchange, parts.newRequestId(), models.list().toJson());
      return;
    }
    String name = path.substring(MODELS.length() + 1);
    Optional<ModelList.Entry> entry = models.entry(name);
    if (entry.isPresent()) {
      Answers.json(exchange, parts.newRequestId(), entry.orElseThrow().toJson());
    } else {
      door.refuse(exchange, Optional.of(caller), models.unknown(name));
    }
  }

  /// Stops following agents; running requests are the server's to end.
  @Override
  public void close() {
    topology.close();
  }
}
