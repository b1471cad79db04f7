package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
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
  private @Nullable TestTls tls;
  private Wire wire = Wire.PLAIN;
  private @Nullable EventLoops loops;
  private @Nullable HttpClient client;

  @Override
  public void beforeAll(ExtensionContext context) {
    leaks = new LeakReport();
    loops = EventLoops.start(2, "net-test");
    tls = new TestTls();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    client = new HttpClient(ClientOptions.defaults(), loops());
    wire = Wire.PLAIN;
  }

  /// What the servers and raw clients of this test speak.
  enum Wire {
    PLAIN,
    TLS
  }

  /// Says what the servers that this test starts after it speak.
  void speak(Wire other) {
    wire = other;
  }

  TestTls tls() {
    return requireNonNull(tls);
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
    return start(wire == Wire.TLS ? options.withTls(tls().server()) : options, handler);
  }

  /// A server that speaks plain HTTP in any case, as upstreams do.
  HttpServer servePlain(Handler handler) {
    return start(options(), handler);
  }

  private HttpServer start(ServerOptions options, Handler handler) {
    HttpServer server = HttpServer.start(options, loops(), handler);
    servers.add(server);
    return server;
  }

  RawClient dial(HttpServer server) {
    int port = server.address().getPort();
    return closing(wire == Wire.TLS ? new RawClient(tls().dial(port)) : new RawClient(port));
  }

  URI uri(HttpServer server, String path) {
    String scheme = wire == Wire.TLS ? "https" : "http";
    return URI.create("%s://127.0.0.1:%d%s".formatted(scheme, server.address().getPort(), path));
  }

  /// The JDK's client, which trusts the servers of this test; the caller closes it.
  java.net.http.HttpClient jdkClient() {
    return java.net.http.HttpClient.newBuilder().sslContext(tls().trusting()).build();
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
    tls().close();
    requireNonNull(leaks).verify();
  }
}
