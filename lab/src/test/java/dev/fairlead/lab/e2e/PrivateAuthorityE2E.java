package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.tls.CertificatePair;
import dev.fairlead.dataplane.tls.ServerTls;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.lab.harness.Streamed;
import dev.fairlead.testkit.Authority;
import dev.fairlead.testkit.Certificates;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A server elsewhere over `https`, with a certificate of an authority that only its company knows.
/// The server is another Fairlead.
final class PrivateAuthorityE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private FairleadProcess server(Certificates.Pair pair) {
    Path engine = fairleads.script("engine.sh", Ingredients.exec(Ingredients.fakeEngine()));
    Path configuration =
        fairleads.file(
            "server.yaml",
            "tls: {certificateFile: '%s', keyFile: '%s'}\n"
                .formatted(pair.certificate(), pair.key()));
    String model = Ingredients.model("far", Ingredients.model(), "minReplicas: 1");
    FairleadProcess server =
        fairleads.up(
            Start.with("--config", configuration.toString())
                .and("-f", fairleads.file("far.yaml", model).toString())
                .environment("LLAMA_SERVER", engine.toString()));
    server.control().awaitReady(1);
    return server;
  }

  private Path trusting(Authority authority) {
    return fairleads.file(
        "fairlead.yaml", "servers: {authoritiesFile: '%s'}\n".formatted(authority.certificate()));
  }

  private static String version(String name, String host, int port) {
    return """
    ---
    apiVersion: fairlead.dev/v1alpha1
    kind: ModelVersion
    metadata: {name: %s}
    spec:
      engine: {name: openai, baseUrl: "https://%s:%d/v1", upstreamModel: far}
      coldStart: {nonStreamingWait: 1s}
    """
        .formatted(name, host, port);
  }

  @Test
  void itsUrlIsEnoughOnceTheAuthorityIsNamed() {
    Authority authority = new Authority(fairleads.folder());
    FairleadProcess server = server(authority.server("far", "DNS:localhost"));
    String url = "https://localhost:%d".formatted(server.port());

    Finished stranger = fairleads.run("up", url);
    Finished broken =
        fairleads.run(
            Map.of("FAIRLEAD_CONFIG", fairleads.file("b.yaml", badAuthorities()).toString()),
            "up",
            url);
    FairleadProcess fairlead =
        fairleads.up(Start.with("--config", trusting(authority).toString()).and(url));
    fairlead.control().awaitReady(1);
    Streamed answer = fairlead.openAi().stream(Chat.ask("far", "Say hello.").maxTokens(8));

    assertThat(answer.awaitEnd().failure()).as("%s", answer).isEmpty();
    assertThat(answer.done()).isTrue();
    assertThat(stranger.exitCode()).isEqualTo(1);
    assertThat(stranger.err())
        .contains(url + "/v1 is not trusted: its certificate is signed by an authority that")
        .contains("servers.authoritiesFile");
    assertThat(broken.exitCode()).isEqualTo(2);
    assertThat(broken.err())
        .contains("servers.authoritiesFile: ")
        .contains("none.pem: there is no such file");
  }

  private static String badAuthorities() {
    return "servers: {authoritiesFile: none.pem}\n";
  }

  @Test
  void oneThatCannotBeTrustedIsExplainedToWhoeverRunsItAndNotToClients() {
    Authority authority = new Authority(fairleads.folder());
    EventLoops loops = EventLoops.start(1, "old-server");
    Certificates.Pair expired = authority.expired("old", "DNS:localhost");
    FairleadProcess server = server(authority.server("far", "DNS:localhost"));
    try (ServerTls tls = ServerTls.of(CertificatePair.read(expired.certificate(), expired.key()));
        HttpServer old =
            HttpServer.start(
                ServerOptions.of("127.0.0.1", 0).withTls(tls), loops, _ -> BodyReceiver.ignore())) {
      String yaml =
          version("good", "localhost", server.port())
              + version("misnamed", "127.0.0.1", server.port())
              + version("old", "localhost", old.address().getPort());
      FairleadProcess fairlead =
          fairleads.up(
              Start.with("--config", trusting(authority).toString())
                  .and("-f", fairleads.file("versions.yaml", yaml).toString()));
      fairlead.control().awaitReady(1);

      assertThat(fairlead.openAi().chat(Chat.ask("good", "Hi").maxTokens(4)).status())
          .isEqualTo(200);
      explained(fairlead, "misnamed", "its certificate is for another name");
      explained(fairlead, "old", "its certificate has expired");
    } finally {
      loops.close();
    }
  }

  private void explained(FairleadProcess fairlead, String version, String why) {
    Control.Event event =
        fairlead
            .control()
            .awaitEvent("UpstreamUnreachable", told -> told.object().startsWith(version));
    assertThat(event.message()).contains(why);
    Finished described =
        fairleads.run("describe", "--port", Integer.toString(fairlead.port()), version);
    assertThat(described.out()).as(described.all()).contains(why);

    Answer refused = fairlead.openAi().chat(Chat.ask(version, "Hi"));
    assertThat(refused.status()).as(refused.body()).isEqualTo(503);
    assertThat(refused.body()).doesNotContain("certificate", "localhost", "127.0.0.1");
  }
}
