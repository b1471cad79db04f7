package dev.fairlead.lab.wire;

import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentEvents;
import dev.fairlead.dataplane.agent.AgentOptions;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.agent.EnginePhase;
import dev.fairlead.dataplane.agent.RelayLimits;
import dev.fairlead.dataplane.agent.StateTiming;
import dev.fairlead.dataplane.gateway.Gateway;
import dev.fairlead.dataplane.gateway.GatewayOptions;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.Resilience;
import dev.fairlead.dataplane.limits.LocalLimitStore;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.engines.fake.FakeEngine;
import dev.fairlead.engines.fake.FakeOptions;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.testkit.fault.FaultPlan;
import dev.fairlead.testkit.fault.FaultProxy;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A gateway and replicas, each an agent and an engine, with a fault proxy on every connection
/// between them. Used by one thread.
final class Fleet implements AutoCloseable {
  static final String MODEL = "chat";
  private static final String VERSION = "chat-1";
  private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Faults of the connections from the gateway to the agents.
  final FaultPlan toAgents = FaultPlan.forRequests("POST /v1/");

  /// Faults of the connections from the agents to the engines; a warm-up is a completion.
  final FaultPlan toEngines = FaultPlan.forRequests("POST /v1/chat/");

  /// What the gateway settled.
  final List<RequestRecord> settled = new CopyOnWriteArrayList<>();

  final PrometheusRegistry metrics = new PrometheusRegistry();
  private final boolean proxied;
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final List<Backend> backends;
  private final List<Replica> replicas = new ArrayList<>();

  /// One loop, which is every agent's.
  private final EventLoops loops = EventLoops.start(1, "fleet");

  private final HttpClient agentClient;
  private final HttpClient client;
  private final Gateway gateway;
  private final HttpServer server;

  /// How quickly things are given up.
  record Patience(Duration heartbeat, Duration agentSilence, Duration engineSilence) {
    /// The defaults.
    static Patience usual() {
      return new Patience(Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofMinutes(2));
    }

    /// For faults that end by a time-out.
    static Patience little() {
      return new Patience(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(1_500));
    }
  }

  /// What an agent stands before.
  ///
  /// @param port where it listens
  /// @param slots requests that it runs at once
  record Backend(int port, int slots, AutoCloseable engine) {
    static Backend fake(FakeOptions options) {
      FakeEngine engine = FakeEngine.start(options);
      return new Backend(engine.port(), options.slots(), engine);
    }
  }

  /// `port` is where gateways find the agent.
  private record Replica(Agent agent, int port, String id) {}

  /// Closes the engines in the end.
  Fleet(Patience patience, ServerOptions door, List<Backend> engines) {
    this(patience, door, engines, true);
  }

  /// Without proxies where they would be measured too.
  Fleet(Patience patience, ServerOptions door, List<Backend> engines, boolean proxied) {
    this.proxied = proxied;
    backends = List.copyOf(engines);
    agentClient = new HttpClient(ClientOptions.defaults(), loops);
    client = new HttpClient(ClientOptions.defaults(), loops);
    for (Backend backend : backends) {
      replicas.add(replica("replica-" + replicas.size(), patience, backend));
    }
    gateway =
        new Gateway(
            GatewayOptions.defaults(TOKEN)
                .withResilience(Resilience.defaults().withAgentSilence(patience.agentSilence())),
            new Gateway.Wiring(
                loops,
                client,
                listener -> listener.accept(routes()),
                metrics,
                InstantSource.system(),
                new Random(1),
                () -> {},
                LocalLimitStore.empty(InstantSource.system()),
                List.of(settled::add)));
    server = HttpServer.start(door, loops, exchange -> gateway.accept(exchange, Caller.ANONYMOUS));
  }

  /// Two replicas with fake engines that answer at once.
  static Fleet ofTwo(Patience patience) {
    return new Fleet(
        patience,
        ServerOptions.of("127.0.0.1", 0),
        List.of(Backend.fake(FakeOptions.defaults()), Backend.fake(FakeOptions.defaults())));
  }

  private Replica replica(String id, Patience patience, Backend backend) {
    RelayLimits usual = RelayLimits.defaults();
    RelayLimits limits =
        new RelayLimits(
            usual.connect(),
            Optional.of(patience.engineSilence()),
            Optional.of(patience.engineSilence()),
            usual.maxRequestBytes(),
            usual.maxEventBytes(),
            usual.maxAnswerBytes());
    Agent agent =
        Agent.start(
            AgentOptions.of(id, "boot", VERSION, backend.slots(), Tokens.of(List.of(TOKEN)))
                .withRelay(limits)
                .withState(new StateTiming(Duration.ofMillis(20), patience.heartbeat())),
            new AgentRuntime(loops, agentClient, InstantSource.system(), new Random(1)),
            new Silent());
    agent.engineListening("127.0.0.1", through(toEngines, backend.port()));
    return new Replica(agent, through(toAgents, agent.port()), id);
  }

  private int through(FaultPlan plan, int port) {
    if (!proxied) {
      return port;
    }
    FaultProxy proxy = FaultProxy.before(port, plan);
    proxies.add(proxy);
    return proxy.port();
  }

  private RouteTable routes() {
    List<Endpoint> endpoints =
        replicas.stream()
            .map(replica -> new Endpoint(replica.id(), VERSION, "127.0.0.1", replica.port()))
            .toList();
    var version =
        new VersionRoute(
            VERSION,
            1,
            Purpose.CHAT,
            4,
            4096,
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(7),
            Optional.empty(),
            Optional.empty(),
            endpoints);
    return new RouteTable(List.of(new Route(MODEL, List.of(), 1_700_000_000, List.of(version))));
  }

  /// Waits until every replica takes requests.
  Fleet ready() {
    await("the agents are ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> replicas.stream().allMatch(replica -> replica.agent().state().ready()));
    return this;
  }

  int port() {
    return server.address().getPort();
  }

  OpenAi openAi() {
    return new OpenAi(URI.create("http://127.0.0.1:" + port()), Optional.empty());
  }

  List<AgentState> agentStates() {
    return replicas.stream().map(replica -> replica.agent().state()).toList();
  }

  /// What the gateway has sent and not got back, and what it holds.
  Demand.Known demand() {
    return gateway.demand().demand(VERSION) instanceof Demand.Known known
        ? known
        : new Demand.Known(0, 0, 0, Duration.ZERO);
  }

  int openConnections() {
    return server.openConnections();
  }

  int openExchanges() {
    return server.openExchanges();
  }

  /// A counter's values above zero, by the value of one of its labels.
  Map<String, Double> counter(String name, String label) {
    Map<String, Double> values = new TreeMap<>();
    metrics.scrape(name::equals).stream()
        .map(CounterSnapshot.class::cast)
        .flatMap(counter -> counter.getDataPoints().stream())
        .filter(point -> point.getValue() > 0)
        .forEach(
            point -> values.merge(point.getLabels().get(label), point.getValue(), Double::sum));
    return values;
  }

  @Override
  public void close() {
    gateway.close();
    server.close();
    replicas.forEach(replica -> replica.agent().close());
    proxies.forEach(FaultProxy::close);
    for (Backend backend : backends) {
      try {
        backend.engine().close();
      } catch (Exception e) {
        throw new IllegalStateException("an engine does not end", e);
      }
    }
    client.close();
    agentClient.close();
    loops.close();
  }

  private static final class Silent implements AgentEvents {
    @Override
    public void phaseChanged(EnginePhase phase, String why) {}
  }
}
