package dev.fairlead.dataplane.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is told of requests that never become requests for an answer.
final class DoorRefusalsIT {
  @RegisterExtension final GatewayUnderTest gateway = new GatewayUnderTest();

  @Test
  void whoHasNoValidKeyIsToldOf() throws Exception {
    gateway.guard(_ -> Optional.empty());

    HttpResponse<String> answer =
        gateway.ask("{}", "authorization", "Bearer fl-not-a-key").get(5, SECONDS);

    assertThat(answer.statusCode()).isEqualTo(401);
    refused(answer, "POST", "/v1/chat/completions", "invalid_api_key");
    assertThat(gateway.refused().toString()).doesNotContain("fl-not-a-key");
  }

  @Test
  void whatIsNotServedIsToldOfWithTheNameOfTheKey() throws Exception {
    refused(gateway.get("/v1/fl-key?key=fl-key").get(5, SECONDS), "GET", "other", "not_found");
    refused(
        gateway.get("/v1/models/fl-key").get(5, SECONDS), "GET", "/v1/models", "model_not_found");
    refused(
        gateway.get("/v1/embeddings?key=fl-key").get(5, SECONDS),
        "GET",
        "/v1/embeddings",
        "method_not_allowed");

    assertThat(gateway.refused()).allMatch(one -> one.sender().tenant().equals("default"));
    assertThat(gateway.refused().toString()).doesNotContain("fl-key");
    assertThat(gateway.metric("fairlead_door_refusals_total", "error", "not_found")).isEqualTo(1);
  }

  @Test
  void whatTheServerRefusesItselfHasAnIdToo() throws Exception {
    String answer = raw("GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400");
    DoorRecord refused = gateway.refused().getFirst();
    assertThat(answer.toLowerCase(Locale.ROOT)).contains("x-request-id: " + refused.id());
    assertThat(refused.error()).isEqualTo("bad_request");
    assertThat(refused.sender().tenant()).isEmpty();
  }

  @Test
  void refusalsCostNobodyAnythingAndPushNoRequestOutOfMemory() throws Exception {
    gateway.get("/nothing").get(5, SECONDS);

    assertThat(gateway.refused()).hasSize(1);
    assertThat(gateway.usage()).isEmpty();
    assertThat(gateway.recent().slowest(Duration.ofMinutes(1), 10)).isEmpty();
  }

  /// It has begun as a request for an answer, and is told of as one: once.
  @Test
  void aBodyThatBreaksALimitIsARefusedRequest() throws Exception {
    String answer =
        raw(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400");
    await()
        .untilAsserted(
            () -> assertThat(gateway.recent().slowest(Duration.ofMinutes(1), 10)).hasSize(1));
    RequestRecord settled = gateway.recent().slowest(Duration.ofMinutes(1), 10).getFirst();
    assertThat(settled.outcome()).isEqualTo("refused");
    assertThat(settled.ending()).isEqualTo(new RequestRecord.Ending(400, "bad_request", ""));
    assertThat(gateway.refused()).isEmpty();
  }

  private void refused(HttpResponse<String> answer, String method, String path, String error) {
    DoorRecord refused = gateway.refused().getLast();
    assertThat(refused.id()).isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
    assertThat(refused.status()).isEqualTo(answer.statusCode());
    assertThat(refused.asked()).isEqualTo(new DoorRecord.Asked(method, path));
    assertThat(refused.error()).isEqualTo(error);
    assertThat(refused.sender().address()).isEqualTo("127.0.0.1");
    assertThat(refused.took()).isPositive();
  }

  private String raw(String request) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      client.getOutputStream().write(request.getBytes(US_ASCII));
      client.getOutputStream().flush();
      return new String(client.getInputStream().readAllBytes(), US_ASCII);
    }
  }
}
