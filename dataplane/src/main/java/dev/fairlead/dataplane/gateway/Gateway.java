package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.route.Route;
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
import java.util.stream.Stream;

/// Serves the OpenAI API: it knows the models from a {@link RouteSource}, holds requests until a
/// replica has room, and relays the answers of agents. Keys are checked in front of it ({@link
/// ApiKeys}). Safe for every thread; each request stays on the event loop of its client.
public final class Gateway implements CallerHandler, AutoCloseable {
  private static final String MODELS = "/v1/models";

  private final Topology topology;
  private final InferenceParts parts;
  private final RecentRequests recent;

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
    topology = new Topology(wiring.loops(), wiring.client(), options.agentToken());
    GatewayMetrics metrics = new GatewayMetrics(wiring.metrics(), topology);
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
            new Admissions(wiring.limits(), wiring.metrics()));
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

  /// Whether a replica of the version has said that it serves.
  boolean hasReady(String version) {
    return topology.queue(version).map(VersionQueue::anyReady).orElse(false);
  }

  /// What became of the latest requests.
  public RecentRequests recent() {
    return recent;
  }

  /// An id for a request that is answered in front of the gateway.
  public String newRequestId() {
    return parts.newRequestId();
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange, Caller caller) {
    String requestId = parts.newRequestId();
    String path = exchange.path();
    Optional<EndpointKind> kind = kind(path);
    if (kind.isPresent()) {
      if (exchange.method().equals("POST")) {
        return new Inference(
            parts, exchange, new Inference.Asked(kind.orElseThrow(), requestId, caller));
      }
      return refused(exchange, requestId, wrongMethod(path, "POST"));
    }
    if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
      if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
        return refused(exchange, requestId, wrongMethod(path, "GET"));
      }
      models(exchange, requestId, path);
      return BodyReceiver.ignore();
    }
    return refused(
        exchange,
        requestId,
        ApiError.notFound(
            "Nothing is served at %s. There are /v1/models, /v1/chat/completions, /v1/completions and /v1/embeddings."
                .formatted(path)));
  }

  private static Optional<EndpointKind> kind(String path) {
    for (EndpointKind kind : EndpointKind.values()) {
      if (kind.path().equals(path)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static ApiError wrongMethod(String path, String method) {
    return new ApiError(
        405,
        "invalid_request_error",
        Optional.of("method_not_allowed"),
        Optional.empty(),
        "%s takes %s only.".formatted(path, method),
        Optional.empty(),
        Optional.empty());
  }

  private static BodyReceiver refused(ServerExchange exchange, String requestId, ApiError error) {
    Answers.error(exchange, requestId, error);
    return BodyReceiver.ignore();
  }

  private void models(ServerExchange exchange, String requestId, String path) {
    if (path.equals(MODELS) || path.equals(MODELS + "/")) {
      List<ModelList.Entry> entries =
          topology.table().routes().stream().flatMap(Gateway::entries).toList();
      Answers.json(exchange, requestId, new ModelList(entries).toJson());
      return;
    }
    String name = path.substring(MODELS.length() + 1);
    Optional<Route> route = topology.table().find(name);
    if (route.isPresent()) {
      Answers.json(exchange, requestId, entry(route.orElseThrow()).toJson());
    } else {
      Answers.error(exchange, requestId, ApiError.unknownModel(name, parts.servedNames()));
    }
  }

  /// Every name that can be asked for: programs offer their users what is listed.
  private static Stream<ModelList.Entry> entries(Route route) {
    return Stream.concat(Stream.of(route.servedName()), route.aliases().stream())
        .map(name -> new ModelList.Entry(name, route.created()));
  }

  private static ModelList.Entry entry(Route route) {
    return new ModelList.Entry(route.servedName(), route.created());
  }

  /// Stops following agents; running requests are the server's to end.
  @Override
  public void close() {
    topology.close();
  }
}
