package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteSource;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.dataplane.limits.LocalLimitStore;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.openai.ScanLimits;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A gateway with scripted agents, and a client. After each test nothing may be left: no permit, no
/// call, no exchange.
final class GatewayUnderTest implements BeforeEachCallback, AfterEachCallback, RouteSource {
  static final String VERSION = "chat-1";

  private final List<ScriptedAgent> agents = new ArrayList<>();
  private final List<UsageRow> usage = new CopyOnWriteArrayList<>();
  private final List<DoorRecord> refused = new CopyOnWriteArrayList<>();
  private final AtomicInteger demands = new AtomicInteger();
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final Resilience resilience;
  private final java.net.http.HttpClient caller =
      java.net.http.HttpClient.newBuilder()
          .version(java.net.http.HttpClient.Version.HTTP_1_1)
          .build();
  private final ScanLimits limits;
  private String name = "chat";
  private volatile LimitStore counts = LocalLimitStore.empty(InstantSource.system());
  private volatile Caller from = Caller.ANONYMOUS;
  private volatile CallerKeys keys = _ -> Optional.of(from);
  private @Nullable Consumer<RouteTable> listener;
  private @Nullable Parts parts;

  private record Parts(EventLoops loops, HttpClient client, Gateway gateway, HttpServer server) {}

  GatewayUnderTest() {
    this(ScanLimits.DEFAULT, Resilience.defaults());
  }

  GatewayUnderTest(ScanLimits limits) {
    this(limits, Resilience.defaults());
  }

  GatewayUnderTest(Resilience resilience) {
    this(ScanLimits.DEFAULT, resilience);
  }

  private GatewayUnderTest(ScanLimits limits, Resilience resilience) {
    this.limits = limits;
    this.resilience = resilience;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    EventLoops loops = EventLoops.start(2, "gateway-test");
    HttpClient client = new HttpClient(ClientOptions.defaults(), loops);
    GatewayOptions options =
        new GatewayOptions(
            "agent-token",
            () -> limits,
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofSeconds(20),
            resilience);
    Gateway gateway =
        new Gateway(
            options,
            new Gateway.Wiring(
                loops,
                client,
                this,
                metrics,
                InstantSource.system(),
                new Random(1),
                demands::incrementAndGet,
                new LimitStore() {
                  @Override
                  public void reserve(Ask ask, Consumer<Verdict> answer) {
                    counts.reserve(ask, answer);
                  }

                  @Override
                  public void close() {}
                },
                List.of(
                    new RequestSink() {
                      @Override
                      public void settled(RequestRecord request) {
                        usage.add(UsageSink.row(request));
                      }

                      @Override
                      public void refused(DoorRecord request) {
                        refused.add(request);
                      }
                    })));
    HttpServer server =
        HttpServer.start(
            ServerOptions.of("127.0.0.1", 0).withRefusals(gateway.door()),
            loops,
            new ApiKeys(
                authorization -> keys.find(authorization), _ -> false, gateway, gateway.door()));
    parts = new Parts(loops, client, gateway, server);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> {
          assertThat(demand().inFlight()).as("permits").isZero();
          assertThat(demand().waiting()).as("waiting").isZero();
          assertThat(parts().server().openExchanges()).as("exchanges").isZero();
          assertThat(metric("fairlead_replay_bytes", "", "")).as("bytes that are kept").isZero();
        });
    parts().gateway().close();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(parts().client().openCalls()).as("calls").isZero());
    parts().server().close();
    agents.forEach(ScriptedAgent::close);
    parts().client().close();
    parts().loops().close();
  }

  @Override
  public void subscribe(Consumer<RouteTable> subscriber) {
    listener = subscriber;
    subscriber.accept(RouteTable.empty());
  }

  /// Asks for keys from now on.
  void guard(CallerKeys door) {
    keys = door;
  }

  ScriptedAgent agent(String replica) {
    return agent(replica, VERSION);
  }

  ScriptedAgent agent(String replica, String version) {
    ScriptedAgent agent = new ScriptedAgent(parts().loops(), replica, version);
    agents.add(agent);
    return agent;
  }

  /// From now on requests come from this caller.
  void callsAs(Caller caller) {
    from = caller;
  }

  /// Serves `chat` with these agents.
  void route(ScriptedAgent... replicas) {
    route(Optional.empty(), Duration.ofSeconds(10), replicas);
  }

  void route(Optional<String> blocked, Duration nonStreamingWait, ScriptedAgent... replicas) {
    List<Endpoint> endpoints = Stream.of(replicas).map(ScriptedAgent::endpoint).toList();
    String version = endpoints.isEmpty() ? VERSION : endpoints.getFirst().version();
    publish(
        new VersionRoute(
            version,
            1,
            Purpose.CHAT,
            4,
            64,
            nonStreamingWait,
            Duration.ofMinutes(5),
            Duration.ofSeconds(7),
            blocked,
            Optional.empty(),
            endpoints));
  }

  /// Serves the same agents under another name.
  void serveAs(String servedName, ScriptedAgent... replicas) {
    name = servedName;
    route(replicas);
  }

  /// Serves `chat` with `own` replicas, and `elsewhere` when they start or are full.
  void routeWithOverflow(ScriptedAgent own, ScriptedAgent elsewhere) {
    publish(
        version(own, Optional.empty()),
        Optional.of(version(elsewhere, Optional.of("org/elsewhere"))));
  }

  private static VersionRoute version(ScriptedAgent agent, Optional<String> engineModel) {
    return new VersionRoute(
        agent.endpoint().version(),
        1,
        Purpose.CHAT,
        4,
        64,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(7),
        Optional.empty(),
        engineModel,
        List.of(agent.endpoint()));
  }

  private void publish(VersionRoute version) {
    publish(version, Optional.empty());
  }

  private void publish(VersionRoute version, Optional<VersionRoute> overflow) {
    if (listener == null) {
      throw new IllegalStateException("nobody listens");
    }
    listener.accept(
        new RouteTable(
            List.of(new Route(name, List.of("gpt"), 1_700_000_000, List.of(version), overflow))));
  }

  /// Where the use of tenants is counted from now on.
  void countIn(LimitStore store) {
    counts = store;
  }

  Demand.Known demand() {
    return parts().gateway().demand().demand(VERSION) instanceof Demand.Known known
        ? known
        : new Demand.Known(0, 0, 0, Duration.ZERO);
  }

  /// How many replicas of the version were heard to be ready.
  int ready(String version) {
    return parts().gateway().readyReplicas(version);
  }

  int demandSignals() {
    return demands.get();
  }

  /// What the ledger has been told.
  List<UsageRow> usage() {
    return usage;
  }

  /// What was refused at the door.
  List<DoorRecord> refused() {
    return refused;
  }

  /// The value of a counter or gauge; of all its labels, one has this value. 0 when it is not
  /// there.
  double metric(String name, String label, String value) {
    String bare = name.replaceAll("_total$", "");
    double sum = 0;
    for (MetricSnapshot snapshot : metrics.scrape(bare::equals)) {
      for (DataPointSnapshot point : snapshot.getDataPoints()) {
        if (label.isEmpty() || value.equals(point.getLabels().get(label))) {
          sum +=
              switch (point) {
                case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
                case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
                default -> throw new IllegalArgumentException(name + " is no counter or gauge");
              };
        }
      }
    }
    return sum;
  }

  RecentRequests recent() {
    return parts().gateway().recent();
  }

  VersionStats stats() {
    return parts().gateway().stats(VERSION);
  }

  static String body(boolean stream, String more) {
    return """
    {"model": "chat", "stream": %s, %s "messages": [{"role": "user", "content": "Hi"}]}\
    """
        .formatted(stream, more);
  }

  CompletableFuture<HttpResponse<String>> ask(String body) {
    return caller.sendAsync(post(body), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> askAt(String path, String body) {
    return caller.sendAsync(post(path, body), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<Stream<String>>> streamAt(String path, String body) {
    return caller.sendAsync(post(path, body), HttpResponse.BodyHandlers.ofLines());
  }

  CompletableFuture<HttpResponse<String>> ask(String body, String header, String value) {
    HttpRequest request =
        HttpRequest.newBuilder(post(body), (_, _) -> true).header(header, value).build();
    return caller.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<Stream<String>>> stream(String body) {
    return caller.sendAsync(post(body), HttpResponse.BodyHandlers.ofLines());
  }

  CompletableFuture<HttpResponse<String>> get(String path) {
    return caller.sendAsync(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> get(String path, String header, String value) {
    return caller.sendAsync(
        HttpRequest.newBuilder(uri(path)).header(header, value).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest post(String body) {
    return post("/v1/chat/completions", body);
  }

  private HttpRequest post(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + parts().server().address().getPort() + path);
  }

  int port() {
    return parts().server().address().getPort();
  }

  private Parts parts() {
    if (parts == null) {
      throw new IllegalStateException("not started");
    }
    return parts;
  }
}
