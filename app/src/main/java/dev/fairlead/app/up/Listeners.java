package dev.fairlead.app.up;

import dev.fairlead.app.config.Configuration;
import dev.fairlead.app.config.Cors;
import dev.fairlead.app.config.Listen;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.config.Requests;
import dev.fairlead.app.config.Timeouts;
import dev.fairlead.app.control.ConsoleApi;
import dev.fairlead.app.control.ControlApi;
import dev.fairlead.app.control.Installation;
import dev.fairlead.app.control.Watchers;
import dev.fairlead.app.local.LocalFairlead;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.gateway.ApiKeys;
import dev.fairlead.dataplane.gateway.CallerHandler;
import dev.fairlead.dataplane.gateway.GuardedKeys;
import dev.fairlead.dataplane.gateway.TenantKeys;
import dev.fairlead.dataplane.net.ConnectionLimits;
import dev.fairlead.dataplane.net.DoorGuard;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.dataplane.tls.ServerTls;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The two doors of a local Fairlead: the public one (the OpenAI API and the console) and the
/// internal one (metrics, health and control).
record Listeners(HttpServer open, HttpServer internal, Watchers watchers) {

  /// @param keys what the public door asks for beside the keys of tenants; empty on loopback, where
  ///   Host and Origin are checked instead, and a tenant's key only tells whose a request is
  /// @param token what the internal door asks for
  record Doors(
      Listen open, int controlPort, Optional<Tokens> keys, Tokens token, Optional<ServerTls> tls) {

    String scheme() {
      return tls.isPresent() ? "https" : "http";
    }

    private ServerOptions plainOrTls() {
      ServerOptions plain = ServerOptions.of(open.address(), open.port());
      return tls.map(plain::withTls).orElse(plain);
    }

    static boolean isLoopback(String host) {
      return address(host).isLoopbackAddress();
    }

    /// Whether it stands for every address of this machine.
    static boolean isWildcard(String host) {
      return address(host).isAnyLocalAddress();
    }

    private static InetAddress address(String host) {
      try {
        return InetAddress.getByName(host);
      } catch (UnknownHostException e) {
        throw new StartException(
            2, "--listen %s is not an address of this machine".formatted(host));
      }
    }
  }

  static Listeners start(LocalFairlead fairlead, PrometheusRegistry metrics, Doors doors) {
    LiveConfiguration configuration = fairlead.configuration();
    String controlUrl = "http://127.0.0.1:" + doors.controlPort();
    Executor background = Executors.newVirtualThreadPerTaskExecutor();
    Installation installation = fairlead.installation();
    Watchers watchers =
        new Watchers(installation, background, fairlead.timer(), Watchers.Pace.usual());
    ConsoleApi console =
        new ConsoleApi(new ConsoleApi.Wiring(installation, watchers, background, () -> controlUrl));
    TenantKeys tenants = fairlead.tenantKeys();
    CallerHandler routed = new PublicRoutes(console, fairlead.gateway());
    Handler door =
        doors
            .keys()
            .<Handler>map(keys ->
                new ApiKeys(
                    new GuardedKeys(keys, tenants),
                    console::open,
                    routed,
                    fairlead.gateway().door()))
            .orElseGet(() ->
                new DoorGuard(
                    exchange ->
                        routed.accept(
                            exchange,
                            tenants.find(ApiKeys.authorization(exchange)).orElse(Caller.ANONYMOUS)),
                    doors.scheme(),
                    Set.of(),
                    origin -> configuration.get(Cors.SECTION).rule().allows(origin)));
    HttpServer open =
        HttpServer.start(
            options(
                doors.plainOrTls().withRefusals(fairlead.gateway().door()),
                configuration.current()),
            fairlead.loops(),
            door);
    Set<String> origins =
        Set.of(
            doors.scheme() + "://127.0.0.1:" + doors.open().port(),
            doors.scheme() + "://localhost:" + doors.open().port());
    Handler control =
        new ControlApi(
            new ControlApi.Wiring(installation, watchers, metrics, background),
            doors.token(),
            origins);
    HttpServer internal =
        HttpServer.start(
            ServerOptions.of("127.0.0.1", doors.controlPort()), fairlead.loops(), control);
    return new Listeners(open, internal, watchers);
  }

  private static ServerOptions options(ServerOptions before, Configuration configuration) {
    Requests requests = configuration.get(Requests.SECTION);
    return before
        .withLimits(requests.http())
        .withTimeouts(configuration.get(Timeouts.SECTION).server())
        .withConnections(connections(before.host(), requests.connections()))
        .withCrossOrigin(configuration.get(Cors.SECTION).rule());
  }

  /// On loopback all clients have one address.
  private static ConnectionLimits connections(String host, ConnectionLimits configured) {
    return Doors.isLoopback(host)
        ? new ConnectionLimits(configured.total(), configured.total())
        : configured;
  }

  /// Takes what an edit of the configuration changes at the public door.
  void configured(Configuration configuration) {
    open.reconfigure(options -> options(options, configuration));
  }

  /// Takes no new requests, and ends the streams of consoles, which would never end by themselves.
  void stopAccepting() {
    watchers.close();
    open.stopAccepting();
  }

  /// Whether every running exchange of the public door ended within `limit`.
  boolean awaitDrained(Duration limit) {
    return open.drained()
        .toCompletableFuture()
        .thenApply(_ -> true)
        .completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  void close() {
    open.close();
    internal.close();
  }
}
