package dev.fairlead.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.ServerTimeouts;
import dev.fairlead.dataplane.net.Sse;
import dev.fairlead.testkit.Certificates;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A server over each library, and the clients that people have.
@ParameterizedClass
@EnumSource(
    value = SslProvider.class,
    names = {"OPENSSL_REFCNT", "JDK"})
final class ServerTlsIT {
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private Path folder;
  @Parameter private SslProvider provider = SslProvider.JDK;

  private final EventLoops loops = EventLoops.start(1, "tls-test");
  private final CopyOnWriteArrayList<ServerExchange> open = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<ServerExchange> gone = new CopyOnWriteArrayList<>();
  private Certificates.Pair files = new Certificates.Pair(Path.of("."), Path.of("."));
  private CertificatePair pair = unset();
  private ServerTls tls = unset();
  private HttpServer server = unset();

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals", "DataFlowIssue"})
  private static <T> T unset() {
    return null;
  }

  @BeforeEach
  void start() {
    files = new Certificates(folder).pair("first");
    pair = CertificatePair.read(files.certificate(), files.key());
    tls = new ServerTls(pair, provider);
    var timeouts =
        new ServerTimeouts(
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
    server =
        HttpServer.start(
            ServerOptions.of("127.0.0.1", 0).withTls(tls).withTimeouts(timeouts),
            loops,
            this::accept);
  }

  private BodyReceiver accept(ServerExchange exchange) {
    if (exchange.path().equals("/held")) {
      open.add(exchange);
      exchange.onClientGone(() -> gone.add(exchange));
      return BodyReceiver.ignore();
    }
    if (exchange.path().equals("/stream")) {
      exchange.start(200, Sse.headers());
      open.add(exchange);
      return BodyReceiver.ignore();
    }
    exchange.respond(
        200,
        new DefaultHttpHeaders().set("content-type", "text/plain"),
        Unpooled.copiedBuffer("hello\n", StandardCharsets.US_ASCII));
    return BodyReceiver.ignore();
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(server.openConnections()).isZero();
    loops.close();
    tls.close();
  }

  private static SSLContext trusting(CertificatePair trustedPair) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", trustedPair.certificate());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private SSLSocket dial(CertificatePair trustedPair) throws Exception {
    var socket =
        (SSLSocket)
            trusting(trustedPair)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(5_000);
    return socket;
  }

  private int port() {
    return server.address().getPort();
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String until(Socket socket, String mark) throws IOException {
    var text = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (text.indexOf(mark) < 0) {
      int next = in.read();
      assertThat(next).as(text.toString()).isNotNegative();
      text.append((char) next);
    }
    return text.toString();
  }

  @Test
  void theLibraryThatIsShippedIsThere() {
    assertThat(OpenSsl.isAvailable()).as(String.valueOf(OpenSsl.unavailabilityCause())).isTrue();
    assertThat(ServerTls.provider()).contains("BoringSSL");
  }

  @Test
  void theJdksClientAndCurlAreServed() throws Exception {
    var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port())).build();
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(pair)).build()) {
      assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello\n");
    }
    for (String version : new String[] {"--tlsv1.3", "--tls-max=1.2"}) {
      String[] option = version.split("=", 2);
      var command =
          new java.util.ArrayList<>(
              java.util.List.of("curl", "-sS", "--cacert", files.certificate().toString()));
      command.addAll(java.util.List.of(option));
      command.add("https://localhost:" + port() + "/");
      Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(curl.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(said).isEqualTo("hello\n");
    }
  }

  @Test
  void aClientThatOffersHttp2GetsHttp11() throws Exception {
    try (SSLSocket socket = dial(pair)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void plainHttpIsToldToComeWithTls() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(5_000);
      say(socket, GET);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("https://");
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertThat(answer).contains("content-length: " + body.length() + "\r\n");
    }
  }

  @Test
  void aPairThatIsReplacedServesNewConnectionsAndOldStreamsGoOn() throws Exception {
    SSLSocket stream = dial(pair);
    say(stream, "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    until(stream, "\r\n\r\n");
    Certificates.Pair next = new Certificates(folder).pair("second");
    CertificatePair second = CertificatePair.read(next.certificate(), next.key());

    tls.replace(second);

    try (SSLSocket fresh = dial(second)) {
      say(fresh, GET);
      until(fresh, "hello");
      assertThat(fresh.getSession().getPeerCertificates()[0]).isEqualTo(second.certificate());
    }
    try (SSLSocket old = dial(pair)) {
      assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
    }
    ServerExchange exchange = open.getFirst();
    exchange
        .loop()
        .execute(() -> {
          exchange.write(Unpooled.copiedBuffer("data: on\n\n", StandardCharsets.US_ASCII));
          exchange.finish();
        });
    assertThat(until(stream, "0\r\n\r\n")).contains("data: on");
    stream.close();
  }

  /// Its `close_notify` is all that comes: the connection beneath stays open.
  @Test
  void aClientThatEndsItsSideOfTlsDuringPrefillIsGone() throws Exception {
    try (SSLSocket socket = dial(pair)) {
      say(socket, "GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await().until(() -> open.size() == 1);
      socket.shutdownOutput();
      await().atMost(Duration.ofSeconds(1)).until(() -> gone.size() == 1);
    }
  }

  @Test
  void aHandshakeThatDoesNotComeIsGivenUp() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(5_000);
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  /// An end that TLS calls clean would make a broken answer of HTTP/1.0 look whole.
  @Test
  void aBrokenAnswerWithoutChunksIsNoCleanEnd() throws Exception {
    try (SSLSocket socket = dial(pair)) {
      say(socket, "GET /stream HTTP/1.0\r\n\r\n");
      until(socket, "\r\n\r\n");
      ServerExchange exchange = open.getFirst();
      exchange.loop().execute(exchange::abort);
      assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
          .isInstanceOfAny(SocketException.class, SSLException.class);
    }
  }

  @Test
  void anOldProtocolIsRefused() throws Exception {
    try (SSLSocket socket = dial(pair)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }
}
