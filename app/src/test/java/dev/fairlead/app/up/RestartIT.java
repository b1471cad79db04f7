package dev.fairlead.app.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.engines.fake.FakeEngine;
import dev.fairlead.engines.fake.FakeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tenant's budget of a day when its gateway ends and begins again: a refusal tells what is left
/// of it, before and after. It is noon, so that no day ends under a test.
final class RestartIT {
  private static final String OWN = "fl-the-installations-own";
  private static final long BUDGET = 2_000;
  private static final Pattern LEFT = Pattern.compile("(\\d+) of 2000 tokens a day are left");

  private static final int MORE_THAN_THE_BUDGET = 3_000;

  private final DoorsUnderTest doors = new DoorsUnderTest();
  private final FakeEngine engine = FakeEngine.start(FakeOptions.defaults());
  private final InstantSource clock = noon(Instant.now());
  @TempDir private Path folder = Path.of("");
  private String key = "";

  private static InstantSource noon(Instant begun) {
    Instant noon = Instant.parse("2026-11-24T12:00:00Z");
    return () -> noon.plus(Duration.between(begun, Instant.now()));
  }

  @BeforeEach
  void serve() throws Exception {
    start();
    HttpResponse<String> made =
        doors.send(
            doors.control("tenant-keys").POST(BodyPublishers.ofString("{\"tenant\":\"team\"}")));
    key = new ObjectMapper().readTree(made.body()).path("key").asText();
    awaitServing();
  }

  private void awaitServing() {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(doors.send(doors.open(key, "/v1/models")).body()).contains("chat"));
  }

  @AfterEach
  void stop() {
    doors.close();
    engine.close();
  }

  private void start() {
    doors.start(folder, clock, Optional.of(Tokens.of(List.of(OWN))), List.of());
    doors.apply(
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: chat}
        spec:
          engine: {name: openai, baseUrl: 'http://127.0.0.1:%d/v1', contextLength: 4096}
        ---
        apiVersion: fairlead.dev/v1alpha1
        kind: Tenant
        metadata: {name: team}
        spec: {limits: {tokensPerDay: %d}}
        """
            .formatted(engine.port(), BUDGET));
  }

  private void restart() {
    doors.close();
    start();
    awaitServing();
  }

  @Test
  void whatWasUsedOfTheDayIsUsedAfterARestartToo() {
    assertThat(ask("fake:tokens n=40", 40).statusCode()).isEqualTo(200);
    long left = left();
    assertThat(left).isBetween(BUDGET - 100, BUDGET - 41);

    restart();

    assertThat(left()).isEqualTo(left);
  }

  @Test
  void aSpentDayStaysSpent() {
    assertThat(ask("fake:tokens n=1900", 1_900).statusCode()).isEqualTo(200);
    assertThat(ask("fake:tokens n=1900", 1_900).statusCode()).isEqualTo(429);

    restart();

    HttpResponse<String> refused = ask("fake:tokens n=1900", 1_900);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("insufficient_quota");
  }

  @Test
  void whoLeavesWhileAPromptIsReadHasUsedItAfterARestartToo() throws IOException {
    try (Socket _ = hanging()) {
      awaitRunning();
    }
    await().until(() -> engine.counters().cancelled() == 1 && left() > BUDGET - 500);
    long left = left();
    assertThat(left).isLessThan(BUDGET);

    restart();

    assertThat(left()).isEqualTo(left);
  }

  @Test
  void aPromptThatIsReadWhenTheGatewayEndsIsUsedAfterwards() throws IOException {
    try (Socket _ = hanging()) {
      awaitRunning();
      assertThat(left()).as("the answer is reserved too").isLessThan(BUDGET - 500);

      restart();

      assertThat(left()).isBetween(BUDGET - 500, BUDGET - 1);
    }
  }

  private void awaitRunning() {
    await().until(() -> engine.counters().running() == 1);
  }

  private HttpResponse<String> ask(String prompt, int maxTokens) {
    return doors.send(
        doors
            .open(key, "/v1/chat/completions")
            .POST(BodyPublishers.ofString(body(prompt, maxTokens))));
  }

  /// A client whose prompt is never finished.
  private Socket hanging() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), doors.port());
    byte[] body = body("fake:hang", 600).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(key, body.length);
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().write(body);
    client.getOutputStream().flush();
    return client;
  }

  private static String body(String prompt, int maxTokens) {
    return "{\"model\":\"chat\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(maxTokens, prompt);
  }

  /// What is left of the day, as a refusal says.
  private long left() {
    HttpResponse<String> refused = ask("Hello", MORE_THAN_THE_BUDGET);
    Matcher told = LEFT.matcher(refused.body());
    assertThat(told.find()).as(refused.body()).isTrue();
    return Long.parseLong(told.group(1));
  }
}
