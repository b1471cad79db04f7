package dev.fairlead.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ResponseListener;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.UpstreamFailure;
import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.net.UpstreamTimeouts;
import dev.fairlead.testkit.Authority;
import dev.fairlead.testkit.Certificates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Whom a client trusts, over each library.
@ParameterizedClass
@EnumSource(
    value = SslProvider.class,
    names = {"OPENSSL", "JDK"})
final class ClientTlsIT {
  @TempDir private static Path folder = Path.of("");
  private static final List<Authority> PRIVATE = new ArrayList<>();

  @Parameter private SslProvider provider = SslProvider.JDK;

  private final EventLoops loops = EventLoops.start(1, "tls-test");
  private final CopyOnWriteArrayList<String> paths = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> closing = new ArrayList<>();

  @BeforeAll
  static void authority() {
    PRIVATE.clear();
    PRIVATE.add(new Authority(folder));
  }

  private static Authority authority(int index) {
    return PRIVATE.get(index);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : closing.reversed()) {
      one.close();
    }
    loops.close();
  }

  private int serve(Certificates.Pair files) {
    ServerTls tls = ServerTls.of(CertificatePair.read(files.certificate(), files.key()));
    closing.add(tls);
    HttpServer server =
        HttpServer.start(ServerOptions.of("127.0.0.1", 0).withTls(tls), loops, this::accept);
    closing.add(server);
    return server.address().getPort();
  }

  private BodyReceiver accept(ServerExchange exchange) {
    paths.add(exchange.path());
    exchange.respond(
        200, new DefaultHttpHeaders(), Unpooled.copiedBuffer("private", StandardCharsets.US_ASCII));
    return BodyReceiver.ignore();
  }

  private Told ask(Authorities authorities, String host, int port) {
    return ask(authorities, host, port, Duration.ofSeconds(5));
  }

  private Told ask(Authorities authorities, String host, int port, Duration connect) {
    var client =
        new HttpClient(ClientOptions.defaults(), loops, new ClientTls(authorities, provider));
    closing.add(client);
    var told = new Told();
    var request =
        new UpstreamRequest(
            host,
            port,
            true,
            "GET",
            "/models",
            new DefaultHttpHeaders(),
            Unpooled.EMPTY_BUFFER,
            UpstreamTimeouts.connectWithin(connect));
    var loop = loops.next();
    loop.execute(() -> client.send(loop, request, told));
    return told;
  }

  private static Authorities known() {
    return Authorities.ofJvmAnd(authority(0).certificate());
  }

  @Test
  void aServerOfAPrivateAuthorityIsTrustedByItsNameAndByItsAddress() throws Exception {
    int port = serve(authority(0).server("both", "DNS:localhost,IP:127.0.0.1"));

    assertThat(ask(known(), "localhost", port).body()).isEqualTo("private");
    assertThat(ask(known(), "127.0.0.1", port).body()).isEqualTo("private");
    assertThat(paths).containsExactly("/models", "/models");
  }

  @Test
  void anAuthorityThatNobodyNamedIsNotTrusted() throws Exception {
    int port = serve(authority(0).server("unknown", "DNS:localhost"));

    UpstreamFailure failure = ask(Authorities.ofJvm(), "localhost", port).failure();

    assertThat(failure.cause()).isEqualTo(Cause.UNTRUSTED);
    assertThat(failure.maybeProcessed()).isFalse();
    assertThat(failure.detail())
        .startsWith("localhost:%d: its certificate is signed by an authority".formatted(port))
        .contains("`servers.authoritiesFile`");
    assertThat(paths).isEmpty();
  }

  @Test
  void aCertificateForAnotherNameIsNotTrusted() throws Exception {
    int port = serve(authority(0).server("other", "DNS:models.example,IP:192.0.2.1"));

    UpstreamFailure name = ask(known(), "localhost", port).failure();
    UpstreamFailure address = ask(known(), "127.0.0.1", port).failure();

    assertThat(name.cause()).isEqualTo(Cause.UNTRUSTED);
    assertThat(name.detail()).contains("its certificate is for another name", "localhost");
    assertThat(address.detail()).contains("its certificate is for another name", "127.0.0.1");
    assertThat(paths).isEmpty();
  }

  @Test
  void anExpiredCertificateIsNotTrusted() throws Exception {
    int port = serve(authority(0).expired("expired", "DNS:localhost"));

    UpstreamFailure failure = ask(known(), "localhost", port).failure();

    assertThat(failure.cause()).isEqualTo(Cause.UNTRUSTED);
    assertThat(failure.detail()).contains("its certificate has expired (NotAfter: ");
    assertThat(paths).isEmpty();
  }

  @Test
  void aServerWithoutTlsIsToldApart() throws Exception {
    HttpServer plain = HttpServer.start(ServerOptions.of("127.0.0.1", 0), loops, this::accept);
    closing.add(plain);

    UpstreamFailure failure = ask(known(), "localhost", plain.address().getPort()).failure();

    assertThat(failure.cause()).isEqualTo(Cause.UNTRUSTED);
    assertThat(failure.detail()).contains("it does not speak TLS: does its URL begin with http://");
  }

  @Test
  void oneThatNeverShakesHandsIsGivenUp() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      UpstreamFailure failure =
          ask(known(), "127.0.0.1", silent.getLocalPort(), Duration.ofMillis(200)).failure();

      assertThat(failure.cause()).isEqualTo(Cause.CONNECT_TIMEOUT);
      assertThat(failure.detail()).endsWith("no TLS handshake in time");
    }
  }

  @Test
  void theJdksClientsTrustTheSame() throws Exception {
    int port = serve(authority(0).server("jdk", "DNS:localhost"));
    try (var client =
        java.net.http.HttpClient.newBuilder()
            .sslContext(ClientTls.trusting(known()).forJdk())
            .build()) {
      var request =
          java.net.http.HttpRequest.newBuilder(
                  java.net.URI.create("https://localhost:%d/".formatted(port)))
              .build();
      assertThat(
              client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void aFileOfAuthoritiesThatCannotBeUsedIsNamed() throws IOException {
    Path key = authority(0).server("wrong", "DNS:localhost").key();
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");

    assertThatThrownBy(() -> Authorities.ofJvmAnd(key))
        .isInstanceOf(TlsException.class)
        .hasMessage("%s: there is no PEM certificate in it", key);
    assertThatThrownBy(() -> Authorities.ofJvmAnd(empty)).hasMessageContaining("empty.pem");
  }

  /// What a client is told, for the test's thread.
  private static final class Told implements ResponseListener {
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final CompletableFuture<UpstreamFailure> failure = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public void head(int status, HttpHeaders headers) {}

    @Override
    public void data(ByteBuf part) {
      text.append(part.toString(StandardCharsets.US_ASCII));
    }

    @Override
    public void end() {
      body.complete(text.toString());
    }

    @Override
    public void failed(UpstreamFailure why) {
      failure.complete(why);
      body.completeExceptionally(new AssertionError(why.detail()));
    }

    String body() throws Exception {
      return body.get(10, TimeUnit.SECONDS);
    }

    UpstreamFailure failure() throws Exception {
      return failure.get(10, TimeUnit.SECONDS);
    }
  }
}
