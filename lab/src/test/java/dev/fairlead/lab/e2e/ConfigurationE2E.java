package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.clients.NodeChecks;
import dev.fairlead.lab.clients.Served;
import dev.fairlead.lab.clients.TestTools;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.testkit.Certificates;
import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `fairlead up --config`: HTTPS with a certificate that changes, web pages, and edits that cut
/// nothing.
final class ConfigurationE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private Path certificates = Path.of(".");

  /// As Kubernetes mounts a Secret: `certs/current` is a link to a folder, which is swapped.
  @BeforeEach
  void secret() throws IOException {
    certificates = Files.createDirectories(fairleads.folder().resolve("certs"));
    swap("first");
  }

  private void swap(String name) throws IOException {
    Certificates.Pair pair = new Certificates(fairleads.folder()).pair(name);
    Path folder = Files.createDirectories(certificates.resolve(name));
    Files.move(pair.certificate(), folder.resolve("tls.crt"));
    Files.move(pair.key(), folder.resolve("tls.key"));
    link(name);
  }

  private void link(String name) throws IOException {
    Path next = certificates.resolve("next");
    Files.createSymbolicLink(next, Path.of(name));
    Files.move(
        next,
        certificates.resolve("current"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private FairleadProcess up(String more, String... arguments) {
    Path engine =
        fairleads.script(
            "engine.sh", Ingredients.exec(Ingredients.fakeEngine("--fake-token-ms", "20")));
    FairleadProcess fairlead =
        fairleads.up(
            Start.with("--config", configure(more).toString())
                .and("-f", fairleads.file("m.yaml", model()).toString())
                .and(arguments)
                .environment("LLAMA_SERVER", engine.toString()));
    fairlead.control().awaitReady(1);
    return fairlead;
  }

  private static String model() {
    return Ingredients.model("chat", Ingredients.model(), "minReplicas: 1");
  }

  private Path configure(String more) {
    return fairleads.file(
        "fairlead.yaml",
        """
        tls:
          certificateFile: certs/current/tls.crt
          keyFile: certs/current/tls.key
        """
            + more);
  }

  private static URI url(FairleadProcess fairlead, String path) {
    return URI.create("https://localhost:" + fairlead.port() + path);
  }

  private SSLContext trusting(String name) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificates.resolve(name).resolve("tls.crt"))) {
      trusted.setCertificateEntry(
          name, CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /// Whose certificate a new connection is shown, if it is that of `name`.
  private String shown(FairleadProcess fairlead, String name) throws Exception {
    var sockets = trusting(name).getSocketFactory();
    try (var socket =
        (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), fairlead.port())) {
      socket.startHandshake();
      var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private static HttpRequest chat(FairleadProcess fairlead, int tokens, String question) {
    return HttpRequest.newBuilder(url(fairlead, "/v1/chat/completions"))
        .header("content-type", "application/json")
        .POST(
            BodyPublishers.ofString(
                """
                {"model": "chat", "stream": true, "max_tokens": %d,
                 "messages": [{"role": "user", "content": "%s"}]}
                """
                    .formatted(tokens, question)))
        .build();
  }

  @Test
  void editsAndNewCertificatesCutNoStream() throws Exception {
    FairleadProcess fairlead = up("cors: {origins: ['https://a.example']}\n");
    Control control = fairlead.control();
    assertThat(fairlead.out()).contains("https://127.0.0.1:" + fairlead.port());
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting("first")).build()) {
      HttpResponse<Stream<String>> stream =
          client.send(chat(fairlead, 1200, "fake:tokens n=1200"), BodyHandlers.ofLines());
      Iterator<String> lines = stream.body().iterator();
      assertThat(lines.next()).startsWith("data: ");

      configure("requests: {maxBodyBytes: 1Ki}\nlisten: {port: 1}\n");
      assertThat(control.awaitEvent("EditTaken").message())
          .isEqualTo("cors.origins, requests.maxBodyBytes");
      assertThat(control.awaitEvent("NeedsRestart").message()).startsWith("listen.port cannot");
      String long2 = "x".repeat(2_000);
      assertThat(client.send(chat(fairlead, 1, long2), BodyHandlers.ofString()).statusCode())
          .isEqualTo(413);

      configure("requests: {maxBodyByte: 1Ki}\n");
      control.awaitEvent("EditRefused");
      assertThat(fairlead.err())
          .contains("fairlead.yaml:4:12: unknown key `maxBodyByte` in requests; did you mean");

      swap("second");
      assertThat(control.awaitEvent("CertificateTaken").message()).startsWith("CN=second, until ");
      assertThat(shown(fairlead, "second")).isEqualTo("CN=second");

      Path broken = Files.createDirectories(certificates.resolve("broken"));
      Files.copy(certificates.resolve("first/tls.crt"), broken.resolve("tls.crt"));
      Files.copy(certificates.resolve("second/tls.key"), broken.resolve("tls.key"));
      link("broken");
      assertThat(control.awaitEvent("CertificateRefused").message())
          .contains("is not the key of the certificate")
          .contains("the one before goes on: CN=second");
      assertThat(shown(fairlead, "second")).isEqualTo("CN=second");

      String last = "";
      int chunks = 0;
      while (lines.hasNext()) {
        String line = lines.next();
        if (!line.isEmpty()) {
          last = line;
          chunks++;
        }
      }
      assertThat(last).isEqualTo("data: [DONE]");
      assertThat(chunks).isGreaterThan(1190);
    }
  }

  @Test
  void theCommandLineChatsOverHttps() throws IOException {
    FairleadProcess fairlead = up("");
    String port = Integer.toString(fairlead.port());

    Finished chat = fairleads.run("chat", "--port", port, "chat", "--once", "Say hello.");

    assertThat(chat.exitCode()).as(chat.all()).isZero();
    assertThat(chat.out()).isNotBlank();

    // A certificate that another server shows is not trusted.
    Path file = certificates.resolve("first/tls.crt");
    Certificates.Pair other = new Certificates(fairleads.folder()).pair("other");
    Files.move(file, certificates.resolve("kept"));
    Files.copy(other.certificate(), file);
    Finished refused = fairleads.run("chat", "--port", port, "chat", "--once", "Say hello.");
    assertThat(refused.exitCode()).as(refused.all()).isEqualTo(1);
  }

  @Test
  void sigtermFinishesAStreamOverHttpsAndClosesWhatIsIdle() throws Exception {
    FairleadProcess fairlead = up("timeouts: {drain: 20s}\n");
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting("first")).build();
        var idle =
            (SSLSocket)
                trusting("first")
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), fairlead.port())) {
      idle.setSoTimeout(10_000);
      idle.startHandshake();
      HttpResponse<Stream<String>> stream =
          client.send(chat(fairlead, 200, "fake:tokens n=200"), BodyHandlers.ofLines());

      fairlead.terminate();

      assertThat(idle.getInputStream().read()).as("end of the idle connection").isNegative();
      assertThat(stream.body().toList()).contains("data: [DONE]");
      assertThat(fairlead.awaitExit(Duration.ofSeconds(20))).isZero();
      assertThat(fairlead.out()).contains("up to 20 s").contains("Stopped.");
    }
  }

  @Test
  void whatIsWrongStopsTheStartWithFileAndLine() throws IOException {
    Finished unknown =
        fairleads.run(
            "up", "--config", fairleads.file("c.yaml", "\ncors: {origin: []}\n").toString());
    Files.delete(certificates.resolve("first/tls.key"));
    Finished noKey = fairleads.run("up", "--config", configure("").toString());
    Finished noFile = fairleads.run(Map.of("FAIRLEAD_CONFIG", "/nowhere.yaml"), "up");

    assertThat(List.of(unknown.exitCode(), noKey.exitCode(), noFile.exitCode())).containsOnly(2);
    assertThat(unknown.err())
        .contains("c.yaml:2:8: unknown key `origin` in cors; did you mean `origins`?");
    assertThat(noKey.err()).contains("tls.key: there is no such file");
    assertThat(noFile.err()).contains("/nowhere.yaml: there is no such file");
  }

  @Test
  void howManyFailuresLeaveAReplicaOutIsConfigured() throws Exception {
    FairleadProcess fairlead = up("failures: {ejectAfter: 1, ejectFor: 1h, ejectForAtMost: 1h}\n");
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting("first")).build()) {
      boolean broken =
          client
              .sendAsync(chat(fairlead, 20, "fake:cut after=3"), BodyHandlers.ofString())
              .handle((_, failure) -> failure != null)
              .join();
      assertThat(broken).isTrue();
    }
    assertThat(fairlead.control().metrics())
        .containsPattern("fairlead_ejections_total\\{version=\"chat[^}]*} 1\\.0");
  }

  @TestFactory
  Stream<DynamicTest> webPages() {
    Path chromium = TestTools.require("chromium", "chromium", "chromium-browser");
    int allowed = Ports.free();
    int other = Ports.free();
    FairleadProcess fairlead =
        up("cors: {origins: ['http://localhost:%d']}\n".formatted(allowed), "--listen", "0.0.0.0");
    return NodeChecks.run(
        "cors.mjs",
        List.of(),
        Map.of(
            "URL", "https://localhost:" + fairlead.port(),
            "KEY", Served.key(fairlead),
            "MODEL", "chat",
            "ALLOWED_PORT", Integer.toString(allowed),
            "OTHER_PORT", Integer.toString(other),
            "CHROMIUM", chromium.toString()),
        Duration.ofMinutes(2),
        fairlead::transcript);
  }

  @Test
  void aLoopbackDoorLetsTheConfiguredPagesInAndNoOthers() throws Exception {
    FairleadProcess fairlead = up("cors: {origins: ['https://a.example']}\n");
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting("first")).build()) {
      for (Map.Entry<String, Integer> page :
          Map.of("https://a.example", 200, "https://b.example", 403).entrySet()) {
        HttpRequest request =
            HttpRequest.newBuilder(url(fairlead, "/v1/models"))
                .header("origin", page.getKey())
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(page.getValue());
        assertThat(answer.headers().firstValue("access-control-allow-origin").isPresent())
            .isEqualTo(page.getValue() == 200);
      }
    }
  }
}
