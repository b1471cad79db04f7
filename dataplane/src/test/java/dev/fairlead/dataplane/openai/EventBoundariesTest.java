package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.openai.RelayEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBoundariesTest {

  private static final class Relay implements EventBoundaries.Sink {
    private final StringBuilder bytes = new StringBuilder();
    private final List<Kind> kinds = new ArrayList<>();
    private Optional<Usage> usage = Optional.empty();
    private Optional<String> finishReason = Optional.empty();
    private boolean failed;
    private int runs;

    @Override
    public void pieces(ByteBuf run, int count) {
      runs++;
      kinds.addAll(Collections.nCopies(count, Kind.DATA));
      bytes.append(run.toString(UTF_8));
      run.release();
    }

    @Override
    public void event(RelayEvent event) {
      kinds.add(event.kind());
      usage = event.usage().or(() -> usage);
      finishReason = event.finishReason().or(() -> finishReason);
      bytes.append(event.bytes().toString(UTF_8));
      event.bytes().release();
    }

    @Override
    public void fail(ApiError error) {
      failed = true;
    }
  }

  private static Relay relay(String stream) {
    Relay relay = new Relay();
    ByteBuf chunk = Wire.bytes(stream);
    try (EventBoundaries boundaries =
        new EventBoundaries(100_000, UnpooledByteBufAllocator.DEFAULT, relay)) {
      boundaries.accept(chunk);
    }
    assertThat(chunk.refCnt()).isEqualTo(1);
    chunk.release();
    return relay;
  }

  private static String normalised() {
    return ": waiting\n\n" + AnswerRecorder.chat(Wire.transcript("llama-chat-usage.sse")).output();
  }

  @Test
  void aNormalisedAnswerIsRelayedByteByByteAndUnderstood() {
    Relay relay = relay(normalised());
    assertThat(relay.bytes).hasToString(normalised());
    assertThat(relay.kinds)
        .startsWith(Kind.COMMENT, Kind.DATA)
        .endsWith(Kind.DATA, Kind.FINISH, Kind.USAGE, Kind.DONE)
        .hasSize(12);
    assertThat(relay.usage).hasValue(new Usage(27, 8, 0));
    assertThat(relay.finishReason).hasValue("stop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\"\"},\"finish_reason\":null}]}|DATA",
        "data: {\"choices\":[{\"finish_reason\": \"stop\", \"delta\":{}}]}|FINISH",
        "data: {\"choices\":[{\"finish_reason\":null,\"delta\":{}}]}|DATA",
        "data:{\"choices\":[],\"usage\":{}}|USAGE",
        "data: {\"error\":{\"message\":\"x\"}}|ERROR",
        "data: {\"error\":null,\"choices\":[{}]}|DATA",
        "data: [DONE]|DONE",
        "data:[DONE]|DONE",
        "data: what|DATA",
        "data: [1]|DATA",
        ": ping|COMMENT",
        "id: 5|COMMENT",
      })
  void everyKindIsTold(String event, Kind kind) {
    assertThat(relay(event + "\n\n").kinds).containsExactly(kind);
    assertThat(relay(event + "\r\n\r\n").kinds).containsExactly(kind);
  }

  @Test
  void piecesInARowAreHandedOverAsOne() {
    String piece = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":null}]}\n\n";
    Relay relay = relay(piece.repeat(3) + ": ping\n\n" + piece.repeat(2) + "data: [DONE]\n\n");
    assertThat(relay.runs).isEqualTo(2);
    assertThat(relay.kinds)
        .containsExactly(
            Kind.DATA, Kind.DATA, Kind.DATA, Kind.COMMENT, Kind.DATA, Kind.DATA, Kind.DONE);
  }

  @Test
  void anErrorEventIsTold() {
    assertThat(relay(ApiError.badGateway("x").toErrorEvent()).kinds).containsExactly(Kind.ERROR);
  }

  @Test
  void chunksOfAnySizeGiveTheSameEventsAndNothingLeaks() {
    String unix = normalised() + ApiError.badGateway("x").toErrorEvent() + "\n: end\n\n";
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      String stream = seed % 2 == 0 ? unix : unix.replace("\n", "\r\n");
      UnpooledByteBufAllocator allocator = Wire.countingAllocator();
      Relay relay = new Relay();
      EventBoundaries boundaries = new EventBoundaries(100_000, allocator, relay);
      int longest = 1 + random.nextInt(700);
      for (ByteBuf chunk : Wire.chunks(stream.getBytes(UTF_8), longest, random)) {
        boundaries.accept(chunk);
        assertThat(chunk.refCnt()).isEqualTo(1);
        chunk.release();
      }
      assertThat(relay.bytes).as("seed %d", seed).hasToString(stream);
      assertThat(relay.kinds).as("seed %d", seed).isEqualTo(relay(stream).kinds);
      assertThat(Wire.notReleased(allocator)).isZero();
    }
  }

  @Test
  void anIncompleteEventIsHeldAndReleasedAtTheEnd() {
    UnpooledByteBufAllocator allocator = Wire.countingAllocator();
    Relay relay = new Relay();
    EventBoundaries boundaries = new EventBoundaries(1000, allocator, relay);
    boundaries.accept(Wire.bytes(": a\n\ndata: half"));
    assertThat(relay.kinds).containsExactly(Kind.COMMENT);
    assertThat(Wire.notReleased(allocator)).isPositive();
    boundaries.close();
    assertThat(Wire.notReleased(allocator)).isZero();
    boundaries.accept(Wire.bytes("data: 1\n\n"));
    assertThat(relay.kinds).hasSize(1);
  }

  @Test
  void anEndlessEventIsAFailureAndNotKept() {
    UnpooledByteBufAllocator allocator = Wire.countingAllocator();
    Relay relay = new Relay();
    EventBoundaries boundaries = new EventBoundaries(50, allocator, relay);
    for (int i = 0; i < 10; i++) {
      boundaries.accept(Wire.bytes("data: 34567890\n"));
    }
    assertThat(relay.failed).isTrue();
    assertThat(relay.kinds).isEmpty();
    assertThat(Wire.notReleased(allocator)).isZero();
  }

  @Test
  void theEventsOfTypedApisAreToldApartByTheirNames() {
    Relay response =
        relay(
            typed("response.created", "{}")
                + typed("response.output_text.delta", "{\"delta\":\"a\"}")
                + typed(
                    "response.completed",
                    "{\"response\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":2}}}"));
    assertThat(response.kinds).containsExactly(Kind.FRAME, Kind.DATA, Kind.DONE);
    assertThat(response.usage).contains(new Usage(5, 2, 0));

    Relay message =
        relay(
            typed("message_start", "{}")
                + typed("content_block_delta", "{}")
                + typed(
                    "message_delta",
                    "{\"usage\":{\"input_tokens\":1,\"cache_read_input_tokens\":4,\"output_tokens\":2}}")
                + typed("message_stop", "{}"));
    assertThat(message.kinds).containsExactly(Kind.FRAME, Kind.DATA, Kind.FINISH, Kind.DONE);
    assertThat(message.usage).contains(new Usage(5, 2, 4));
  }

  private static String typed(String name, String data) {
    return "event: %s\ndata: %s\n\n".formatted(name, data);
  }
}
