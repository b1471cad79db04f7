package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.Tokens;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/// Both doors of a fake installation on loopback, and a client for them. `close` finds out whether
/// an exchange or a watcher was left.
public final class Doors implements AutoCloseable {
  /// What the control port takes.
  public static final String TOKEN = "the-token";

  private final FakeInstallation installation = new FakeInstallation();
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final EventLoops loops = EventLoops.start(2, "doors-test");
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Watchers watchers;
  private final HttpServer console;
  private final HttpServer control;

  public Doors() {
    this(
        new Watchers.Pace(Duration.ofMillis(20), Duration.ofMillis(100)),
        exchange -> {
          throw new IllegalStateException("nothing else is asked for: " + exchange.path());
        });
  }

  /// @param gateway answers what is not the console's
  public Doors(Watchers.Pace pace, Handler gateway) {
    watchers = new Watchers(installation, executor, timer, pace);
    var api =
        new ConsoleApi(
            new ConsoleApi.Wiring(installation, watchers, executor, this::controlUrl),
            "/console-under-test");
    console =
        serve(exchange ->
            exchange.path().startsWith("/v1/") ? gateway.accept(exchange) : api.accept(exchange));
    control =
        serve(
            new ControlApi(
                new ControlApi.Wiring(installation, watchers, metrics, executor),
                Tokens.of(Set.of(TOKEN)),
                Set.of(consoleUrl())));
  }

  private HttpServer serve(Handler handler) {
    return HttpServer.start(ServerOptions.of("127.0.0.1", 0), loops, handler);
  }

  public FakeInstallation installation() {
    return installation;
  }

  PrometheusRegistry metrics() {
    return metrics;
  }

  public Watchers watchers() {
    return watchers;
  }

  int consolePort() {
    return console.address().getPort();
  }

  int controlPort() {
    return control.address().getPort();
  }

  public String consoleUrl() {
    return "http://127.0.0.1:" + consolePort();
  }

  public String controlUrl() {
    return "http://127.0.0.1:" + controlPort();
  }

  /// A request of the control port with the token.
  HttpRequest.Builder control(String path) {
    return HttpRequest.newBuilder(URI.create(controlUrl() + path))
        .timeout(Duration.ofSeconds(10))
        .header("authorization", "Bearer " + TOKEN);
  }

  HttpRequest.Builder console(String path) {
    return HttpRequest.newBuilder(URI.create(consoleUrl() + path)).timeout(Duration.ofSeconds(10));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<Stream<String>> stream(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofLines());
  }

  @Override
  public void close() {
    client.shutdownNow();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> {
          assertThat(List.of(console.openExchanges(), control.openExchanges()))
              .as("open exchanges")
              .containsOnly(0);
          assertThat(watchers.count()).as("watchers").isZero();
        });
    watchers.close();
    assertThat(installation.listeners()).as("listeners").isZero();
    control.close();
    console.close();
    loops.close();
    timer.shutdownNow();
    executor.shutdownNow();
  }
}
