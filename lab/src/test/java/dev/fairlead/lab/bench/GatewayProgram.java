package dev.fairlead.lab.bench;

import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.dataplane.gateway.ApiKeys;
import dev.fairlead.dataplane.gateway.CallerKeys;
import dev.fairlead.dataplane.gateway.Gateway;
import dev.fairlead.dataplane.gateway.GatewayOptions;
import dev.fairlead.dataplane.gateway.TenantKeys;
import dev.fairlead.dataplane.limits.LocalLimitStore;
import dev.fairlead.dataplane.limits.RedisLimitOptions;
import dev.fairlead.dataplane.limits.RedisLimitStore;
import dev.fairlead.dataplane.net.BearerToken;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.telemetry.AccessLog;
import dev.fairlead.dataplane.telemetry.LogFile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/// The gateway as a process of its own, as it is in a cluster, where agents live in the pods of
/// their engines: keys, limits, metrics, the record of recent requests and an access log are on.
/// Runs until it is ended.
public final class GatewayProgram {
  /// What the {@link LoadProgram} shows.
  static final String KEY = "sk-bench-0123456789abcdef0123456789abcdef";

  private static final String VERSION = "bench-1";
  private static final int SLOTS = 100_000;

  /// Longer than a busy machine with two cores lets Redis wait: after it the gateway would go on
  /// alone, which is not what is measured.
  private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(5);

  private GatewayProgram() {}

  /// Serves until it is ended.
  ///
  /// @param arguments the port to listen on, the port of the {@link UpstreamProgram}, the file of
  ///   the access log; the URI of the Redis that holds the limits, where one does
  public static void main(String[] arguments) throws InterruptedException, IOException {
    int port = Integer.parseInt(arguments[0]);
    RouteTable table = routes(Integer.parseInt(arguments[1]));
    InstantSource clock = InstantSource.system();
    PrometheusRegistry metrics = new PrometheusRegistry();
    try (AccessLog log =
            new AccessLog(
                new LogFile(Path.of(arguments[2])),
                metrics,
                clock,
                Thread.ofPlatform().daemon().factory());
        EventLoops loops = EventLoops.start(1, "gateway");
        HttpClient client = new HttpClient(ClientOptions.defaults(), loops);
        LimitStore limits =
            limits(List.of(arguments).subList(3, arguments.length), loops, metrics);
        Gateway gateway =
            new Gateway(
                GatewayOptions.defaults("agent-token"),
                new Gateway.Wiring(
                    loops,
                    client,
                    subscriber -> subscriber.accept(table),
                    metrics,
                    clock,
                    new SplittableRandom(),
                    () -> {},
                    limits,
                    List.of(log)));
        HttpServer _ =
            HttpServer.start(
                ServerOptions.of("127.0.0.1", port),
                loops,
                new ApiKeys(keys(clock), _ -> false, gateway, gateway.door()))) {
      System.out.println("listening on http://127.0.0.1:" + port);
      new CountDownLatch(1).await();
    }
  }

  /// In a Redis, where there is one.
  private static LimitStore limits(
      List<String> redis, EventLoops loops, PrometheusRegistry metrics) {
    InstantSource clock = InstantSource.system();
    if (redis.isEmpty()) {
      return LocalLimitStore.empty(clock);
    }
    return RedisLimitStore.connect(
        RedisLimitOptions.defaults(redis.getFirst()).within(REDIS_TIMEOUT),
        new RedisLimitStore.Wiring(
            loops, clock, new SplittableRandom(), metrics, OpeningBalance.NONE));
  }

  private static CallerKeys keys(InstantSource clock) {
    var keys = new TenantKeys(clock);
    String digest = HexFormat.of().formatHex(BearerToken.digest("Bearer " + KEY).orElseThrow());
    var key = new TenantKey("bench", digest, Optional.empty());
    keys.replace(List.of(new TenantKeys.Holding(tenant(), key)));
    return keys;
  }

  /// With every limit there is, none of which is reached.
  private static Tenant tenant() {
    var limits =
        new Limits(
            OptionalLong.of(1_000_000_000),
            OptionalLong.of(1_000_000_000_000L),
            OptionalInt.of(SLOTS),
            OptionalLong.of(1_000_000_000_000L));
    return new Tenant("bench", limits, 0, Set.of(), false, Optional.empty());
  }

  private static RouteTable routes(int agent) {
    var version =
        new VersionRoute(
            VERSION,
            1,
            Purpose.CHAT,
            SLOTS,
            1 << 20,
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            Optional.empty(),
            Optional.empty(),
            List.of(new Endpoint(UpstreamProgram.REPLICA, VERSION, "127.0.0.1", agent)));
    return new RouteTable(List.of(new Route("bench", List.of(), 1_790_000_000, List.of(version))));
  }
}
