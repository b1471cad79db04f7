package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Start;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A web page of another origin reaches neither door, and nobody without the token the inner one.
class DoorsE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static FairleadProcess fairlead;

  @BeforeAll
  static void start() {
    fairlead = FAIRLEADS.up(Start.with());
  }

  @Test
  void aWebPageOfAnotherOriginChangesNothing() {
    Control control = fairlead.control();
    String scale = "{\"version\":\"%s\",\"replicas\":2}".formatted(Ingredients.DEMO);

    Answer withoutToken = posted(control.stranger(), "/fairlead/v1/scale", scale);
    Answer withToken = posted(control.client(), "/fairlead/v1/scale", scale);
    Answer chat =
        posted(
            fairlead.openAi(),
            "/v1/chat/completions",
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                .formatted(Ingredients.DEMO));

    assertThat(withoutToken.status()).isEqualTo(403);
    assertThat(withToken.status()).isEqualTo(403);
    assertThat(chat.status()).isEqualTo(403);
    assertThat(withoutToken.header("access-control-allow-origin")).isEmpty();
    assertThat(control.replicaCount()).isZero();
    assertThat(control.overview().at("/versions/0/pinned").isNull()).isTrue();
  }

  private static Answer posted(OpenAi door, String path, String body) {
    return door.send(
        door.request(path)
            .header("content-type", "text/plain")
            .header("origin", "http://evil.example")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void aNameThatWasBoundToLoopbackIsRefused() throws IOException {
    assertThat(statusWithHost(fairlead.port(), "evil.example")).contains(" 403 ");
    assertThat(statusWithHost(fairlead.control().port(), "evil.example")).contains(" 403 ");
    assertThat(statusWithHost(fairlead.port(), "localhost:" + fairlead.port())).contains(" 200 ");
  }

  private static String statusWithHost(int port, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      String request =
          "GET /v1/models HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
      // The control door has no such path, and says no to the name first.
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes(16);
      return new String(start, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void theControlDoorNeedsItsTokenForAllButHealth() {
    OpenAi stranger = fairlead.control().stranger();

    assertThat(stranger.get("/health").status()).isEqualTo(200);
    for (String path :
        new String[] {"/metrics", "/fairlead/v1/overview", "/fairlead/v1/resources", "/nothing"}) {
      assertThat(stranger.get(path).status()).as(path).isEqualTo(401);
    }
    assertThat(fairlead.control().metrics()).contains("# TYPE").contains("fairlead_");
  }

  @Test
  void thePublicDoorChangesNothing() {
    Answer answer =
        fairlead.openAi().post("/fairlead/v1/scale", "{\"version\":\"x\",\"replicas\":1}");

    assertThat(answer.status()).isIn(404, 405);
    assertThat(fairlead.openAi().get("/metrics").status()).isEqualTo(404);
  }

  @Test
  void whatIsNoRequestIsRefusedAsAClientExpects() {
    OpenAi openAi = fairlead.openAi();

    Answer noJson = openAi.post("/v1/chat/completions", "{\"model\":");
    assertThat(noJson.status()).isEqualTo(400);
    assertThat(noJson.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(openAi.post("/v1/chat/completions", "{\"messages\":[]}").status()).isEqualTo(400);
    assertThat(openAi.get("/v1/chat/completions").status()).isEqualTo(405);
    assertThat(openAi.get("/v1/nothing").status()).isEqualTo(404);
    Answer wrongKind =
        openAi.post(
            "/v1/embeddings", "{\"model\":\"%s\",\"input\":\"x\"}".formatted(Ingredients.DEMO));
    assertThat(wrongKind.status()).isEqualTo(400);
    assertThat(wrongKind.errorMessage()).contains("/v1/chat/completions");
    assertThat(openAi.chat(Chat.ask(Ingredients.DEMO, "Hi").with("n", "0")).status())
        .isEqualTo(400);
  }
}
