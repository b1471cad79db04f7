package dev.fairlead.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Streamed;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Clients that ask for long answers and do not read them.
class StalledReadersIT {
  private static final int STALLED = 200;
  private static final int OTHERS = 16;
  private static final int TOKENS_OF_OTHERS = 500;
  private static final long MORE_AT_MOST = 64L << 20;

  private final FastEngine engine = new FastEngine();
  private final List<Raw> stalled = new ArrayList<>();
  private DataPlaneProcess dataPlane;

  @BeforeEach
  void start() throws IOException {
    dataPlane = new DataPlaneProcess(engine.port(), STALLED + OTHERS);
  }

  @AfterEach
  void stop() throws IOException {
    for (Raw client : stalled) {
      client.close();
    }
    dataPlane.close();
    engine.close();
  }

  @Test
  void twoHundredStalledReadersCostLittleAndNobodyElseNoticesThem(TestReporter reporter)
      throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThatOthersAreServed();
    }
    Held before = dataPlane.held();

    for (int i = 0; i < STALLED; i++) {
      stalled.add(ask(100_000));
    }
    awaitStandstill();
    assertThatOthersAreServed();

    Held after = dataPlane.held();
    reporter.publishEntry(
        "bytes of %d stalled readers".formatted(STALLED), "" + after.moreThan(before));
    assertThat(after.inFlight()).isEqualTo(STALLED);
    assertThat(after.moreThan(before))
        .as("bytes for %d stalled readers, from %s to %s", STALLED, before, after)
        .isLessThan(MORE_AT_MOST);

    for (Raw client : stalled) {
      client.close();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(dataPlane.held().inFlight()).isZero());
  }

  private Raw ask(int tokens) throws IOException {
    String body = Payload.BODY.replace("\"stream\"", "\"max_tokens\":" + tokens + ",\"stream\"");
    return new Raw(dataPlane.port())
        .say(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body));
  }

  /// Until the engine cannot hand over anything more, in any of the streams.
  private void awaitStandstill() {
    var last = new AtomicLong(-1);
    await("every stream stands still")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> {
          assertThat(dataPlane.held().inFlight()).isEqualTo(STALLED);
          long before = last.getAndSet(engine.generated());
          assertThat(last).as("tokens that the engine could hand over").hasValue(before);
        });
  }

  private void assertThatOthersAreServed() {
    var api = new OpenAi(URI.create("http://127.0.0.1:" + dataPlane.port()), Optional.empty());
    List<Streamed> others =
        Stream.generate(() -> api.stream(Chat.ask("chat", "Hi").maxTokens(TOKENS_OF_OTHERS)))
            .limit(OTHERS)
            .toList();
    for (Streamed other : others) {
      assertThat(other.awaitEnd().failure()).isEmpty();
      assertThat(other.done()).isTrue();
      long words = other.text().chars().filter(letter -> letter == ' ').count();
      assertThat(words).isEqualTo(TOKENS_OF_OTHERS);
    }
  }
}
