package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Gives a test event loops, servers, raw sockets and a client, closes them after it, and fails it
/// when an exchange, a call, a connection or a buffer was left.
final class Net
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<AutoCloseable> others = new ArrayList<>();
  private @Nullable LeakReport leaks;
  private @Nullable EventLoops loops;
  private @Nullable HttpClient client;

  @Override
  public void beforeAll(ExtensionContext context) {
    leaks = new LeakReport();
    loops = EventLoops.start(2, "net-test");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    client = new HttpClient(ClientOptions.defaults(), loops());
  }

  static ServerOptions options() {
    return ServerOptions.of("127.0.0.1", 0);
  }

  EventLoops loops() {
    return requireNonNull(loops);
  }

  HttpClient client() {
    return requireNonNull(client);
  }

  HttpServer serve(Handler handler) {
    return serve(options(), handler);
  }

  HttpServer serve(ServerOptions options, Handler handler) {
    HttpServer server = HttpServer.start(options, loops(), handler);
    servers.add(server);
    return server;
  }

  RawClient dial(HttpServer server) {
    return closing(new RawClient(server.address().getPort()));
  }

  RawUpstream upstream(RawUpstream.Script script) {
    return closing(new RawUpstream(script));
  }

  /// Sends a request from a loop and returns what it will hear.
  Heard send(UpstreamRequest request) {
    var heard = new Heard();
    var loop = loops().next();
    loop.execute(() -> heard.call(client().send(loop, request, heard)));
    return heard;
  }

  <T extends AutoCloseable> T closing(T resource) {
    others.add(resource);
    return resource;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (AutoCloseable other : others) {
      other.close();
    }
    client().close();
    servers.forEach(HttpServer::close);
    await().atMost(Duration.ofSeconds(5)).untilAsserted(this::nothingIsOpen);
    others.clear();
    servers.clear();
  }

  private void nothingIsOpen() {
    assertThat(client().openCalls()).as("open calls").isZero();
    assertThat(client().openConnections()).as("upstream connections").isZero();
    assertThat(client().pooledConnections()).as("pooled connections").isZero();
    for (HttpServer server : servers) {
      assertThat(server.openExchanges()).as("open exchanges").isZero();
      assertThat(server.openConnections()).as("connections").isZero();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    loops().close();
    requireNonNull(leaks).verify();
  }
}
