package dev.fairlead.lab.limits;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentEvents;
import dev.fairlead.dataplane.agent.AgentOptions;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.gateway.Gateway;
import dev.fairlead.dataplane.gateway.GatewayOptions;
import dev.fairlead.dataplane.limits.RedisLimitOptions;
import dev.fairlead.dataplane.limits.RedisLimitStore;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.engines.fake.FakeEngine;
import dev.fairlead.engines.fake.FakeOptions;
import dev.fairlead.testkit.RedisServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Several gateways, each with loops, connections and a store of its own, one Redis, and one engine
/// that answers at once behind a real agent. Used by one thread; closed in the end.
final class SharedGateways implements AutoCloseable {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String VERSION = "chat-1";
  private static final int SLOTS = 64;

  final RedisServer redis = RedisServer.start();
  final ConcurrentLinkedQueue<Passed> passed = new ConcurrentLinkedQueue<>();
  final InFlight inFlight = new InFlight();
  private final ArrayDeque<Runnable> open = new ArrayDeque<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Agent agent;

  /// @param tenants by the value of the `Authorization` header that is theirs
  SharedGateways(FloodPlan plan, Map<String, Tenant> tenants) {
    open.push(redis::close);
    FakeEngine engine =
        opened(
            FakeEngine.start(FakeOptions.defaults().with("-np", Integer.toString(SLOTS))),
            FakeEngine::close);
    EventLoops loops = opened(EventLoops.start(1, "agent"), EventLoops::close);
    HttpClient client = opened(new HttpClient(ClientOptions.defaults(), loops), HttpClient::close);
    agent =
        opened(
            Agent.start(
                AgentOptions.of("replica", "boot", VERSION, SLOTS, Tokens.of(List.of(TOKEN))),
                new AgentRuntime(loops, client, InstantSource.system(), new Random(1)),
                new AgentEvents() {}),
            Agent::close);
    agent.engineListening("127.0.0.1", engine.port());
    for (int i = 0; i < plan.gateways(); i++) {
      gateway(plan, i, tenants);
    }
  }

  /// Whether the replica takes requests.
  boolean ready() {
    return agent.state().ready();
  }

  List<Integer> ports() {
    return List.copyOf(ports);
  }

  private void gateway(FloodPlan plan, int number, Map<String, Tenant> tenants) {
    EventLoops loops = opened(EventLoops.start(1, "gateway-" + number), EventLoops::close);
    HttpClient client = opened(new HttpClient(ClientOptions.defaults(), loops), HttpClient::close);
    LimitStore store =
        opened(
            new RecordedStore(
                store(plan, number, loops), number, InstantSource.system(), passed, inFlight),
            LimitStore::close);
    Gateway gateway =
        opened(
            new Gateway(
                GatewayOptions.defaults(TOKEN),
                new Gateway.Wiring(
                    loops,
                    client,
                    listener -> listener.accept(routes()),
                    new PrometheusRegistry(),
                    InstantSource.system(),
                    new Random(number),
                    () -> {},
                    store,
                    List.of())),
            Gateway::close);
    HttpServer server =
        opened(
            HttpServer.start(
                ServerOptions.of("127.0.0.1", 0),
                loops,
                exchange ->
                    gateway.accept(
                        exchange,
                        new Caller(
                            tenants.getOrDefault(
                                String.valueOf(exchange.header("authorization")), Tenant.DEFAULT),
                            "key"))),
            HttpServer::close);
    ports.add(server.address().getPort());
  }

  private LimitStore store(FloodPlan plan, int number, EventLoops loops) {
    RedisLimitOptions usual = RedisLimitOptions.defaults(redis.uri());
    return RedisLimitStore.connect(
        new RedisLimitOptions(
            redis.uri(),
            Optional.empty(),
            usual.prefix(),
            plan.shape(),
            Duration.ofMillis(500),
            plan.beat(),
            usual.lease(),
            1),
        new RedisLimitStore.Wiring(
            loops,
            InstantSource.system(),
            new Random(100L + number),
            new PrometheusRegistry(),
            OpeningBalance.NONE));
  }

  private RouteTable routes() {
    VersionRoute version =
        new VersionRoute(
            VERSION,
            1,
            Purpose.CHAT,
            SLOTS,
            4_096,
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(7),
            Optional.empty(),
            Optional.empty(),
            List.of(new Endpoint("replica", VERSION, "127.0.0.1", agent.port())));
    return new RouteTable(List.of(new Route("chat", List.of(), 1_700_000_000, List.of(version))));
  }

  private <T> T opened(T one, Consumer<T> close) {
    open.push(() -> close.accept(one));
    return one;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
