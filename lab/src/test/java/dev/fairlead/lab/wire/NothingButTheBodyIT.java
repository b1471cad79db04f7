package dev.fairlead.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.net.ServerOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What reaches the engine of a client's request: its body, and nothing else of it.
class NothingButTheBodyIT {
  private static final String HOSTILE =
      """
      Host: canary.example
      X-Conversation-Id: canary
      X-Forwarded-Host: canary
      X-Forwarded-For: canary
      Forwarded: for=canary
      Fairlead-Replica: canary
      Fairlead-Model: canary
      Fairlead-Answer: whole
      Fairlead-Usage: canary
      Fairlead-Prompt-Tokens: 1000000000
      Fairlead-Refusal: busy
      X-Fairlead-Upstream: http://canary.example/
      X-Upstream: canary
      X-Request-Id: canary
      X-Accel-Redirect: /canary
      X-Original-Url: /canary
      X-Http-Method-Override: DELETE
      Authorization: Bearer canary
      Cookie: canary=canary
      Keep-Alive: timeout=canary
      Proxy-Connection: canary
      Proxy-Authorization: canary
      TE: trailers, canary
      Trailer: X-Canary
      Upgrade: canary
      Connection: close, X-Canary, Fairlead-Replica
      X-Canary: canary
      Accept-Encoding: gzip
      Content-Encoding: canary
      """;

  private final Recorder engine = new Recorder();
  private final Fleet fleet =
      new Fleet(
              Fleet.Patience.little(),
              ServerOptions.of("127.0.0.1", 0),
              List.of(new Fleet.Backend(engine.port(), 4, engine)))
          .ready();

  @AfterEach
  void stop() {
    fleet.close();
  }

  @Test
  void noHeaderTargetOrTrailerOfAClientReachesTheEngine() throws IOException {
    String size = Integer.toHexString(Payload.BODY.length());
    String request =
        "POST http://canary.example:1/v1/chat/completions?canary=canary HTTP/1.1\r\n"
            + HOSTILE.replace("\n", "\r\n")
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "%s;canary=canary\r\n%s\r\n0\r\nX-Canary: canary\r\n\r\n"
                .formatted(size, Payload.BODY);

    String answer;
    try (Raw client = new Raw(fleet.port())) {
      answer = client.say(request).rest();
    }

    assertThat(Raw.statuses(answer)).containsExactly(200);
    assertThat(answer.toLowerCase(Locale.ROOT))
        .doesNotContain("canary")
        .doesNotContain("fairlead-");
    assertThat(engine.requests()).hasSize(1);
    Recorder.Request request1 = engine.requests().getFirst();
    assertThat(request1.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
    assertThat(request1.headers())
        .map(header -> header.toLowerCase(Locale.ROOT))
        .allMatch(header ->
            header.equals("content-type: application/json")
                || header.equals("accept: text/event-stream")
                || header.matches("host: 127\\.0\\.0\\.1:\\d+")
                || header.equals("content-length: " + request1.body().length()))
        .hasSize(4);
    assertThat(request1.body()).contains("\"content\":\"Hi\"").doesNotContain("canary");
  }

  @Test
  void aClientThatSendsNoMoreIsTakenForGone() throws IOException {
    try (Raw client = new Raw(fleet.port())) {
      String request =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"mod";
      assertThat(client.say(request).hush().rest()).isEmpty();
    }

    await().until(() -> fleet.settled.size() == 1);
    assertThat(fleet.settled.getFirst().outcome()).isEqualTo("cancelled");
    assertThat(engine.requests()).isEmpty();
    assertThat(fleet.openExchanges()).isZero();
  }

  @Test
  void aRequestThatComesByteByByteIsARequest() throws IOException {
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(Payload.BODY.length(), Payload.BODY);
    try (Raw client = new Raw(fleet.port())) {
      request.chars().forEach(letter -> client.say(String.valueOf((char) letter)));
      assertThat(Raw.statuses(client.rest())).containsExactly(200);
    }
    assertThat(engine.requests()).hasSize(1);
  }

  @Test
  void aHundredPipelinedRequestsAreAnsweredInTurn() throws IOException {
    String one =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(Payload.BODY.length(), Payload.BODY);
    String last = one.replace("Host: x", "Host: x\r\nConnection: close");
    try (Raw client = new Raw(fleet.port())) {
      assertThat(Raw.statuses(client.say(one.repeat(99) + last).rest()))
          .hasSize(100)
          .containsOnly(200);
    }
    assertThat(engine.requests()).hasSize(100);
  }
}
