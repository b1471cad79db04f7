package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

  private static final class Heard implements SseReader.Sink {
    private final List<String> events = new ArrayList<>();

    @Override
    public void accept(SseEvent event) {
      events.add(event.name() + "=" + event.data().toString(UTF_8));
    }

    @Override
    public void fail(ApiError error) {
      events.add("fail");
    }

    @Override
    public void end() {
      events.add("end");
    }
  }

  private static List<String> read(String stream, int maxEventBytes) {
    Heard heard = new Heard();
    SseReader reader = new SseReader(maxEventBytes, heard);
    ByteBuf bytes = Wire.bytes(stream);
    reader.accept(bytes);
    assertThat(bytes.readableBytes()).isEqualTo(bytes.writerIndex());
    bytes.release();
    reader.end();
    return heard.events;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void everyLineEndIsUnderstood(String lineEnd) {
    String stream =
        "\uFEFF: ping\n\ndata: a\ndata:b\ndata:  c\nid: 7\nretry: 5\n\nevent: error\ndata\n\n"
            .replace("\n", lineEnd);
    assertThat(read(stream, 100)).containsExactly("message=a\nb\n c", "error=", "end");
  }

  @Test
  void aNameLastsForOneEventAndAnEventWithoutDataIsNone() {
    assertThat(read("event: x\n\ndata: 1\n\nevent: y\ndata: 2\n\ndata: 3\n\n", 100))
        .containsExactly("message=1", "y=2", "message=3", "end");
  }

  @Test
  void anEventThatIsCutIsDropped() {
    assertThat(read("data: 1\n\ndata: 2\n", 100)).containsExactly("message=1", "end");
  }

  @Test
  void anEndlessEventIsAFailureAndTheLast() {
    assertThat(read("data: 1\n\ndata: " + "x".repeat(100) + "\n\ndata: 2\n\n", 50))
        .containsExactly("message=1", "fail");
    assertThat(read("data: 3456\n".repeat(20) + "\n", 50)).containsExactly("fail");
    assertThat(read(": 3456\n\n".repeat(50), 20)).containsExactly("end");
  }

  @Test
  void chunksOfAnySizeGiveTheSameEvents() {
    String[] pieces = {
      "data: {\"a\":1}", "data:ü中", "\n", "\r\n", "\r", "\n\n", "event: error", ": c", "data", ":"
    };
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder stream = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        stream.append(pieces[random.nextInt(pieces.length)]);
      }
      Heard heard = new Heard();
      SseReader reader = new SseReader(10_000, heard);
      for (ByteBuf chunk : Wire.chunks(stream.toString().getBytes(UTF_8), 7, random)) {
        reader.accept(chunk);
        chunk.release();
      }
      reader.end();
      assertThat(heard.events).as("seed %d", seed).isEqualTo(read(stream.toString(), 10_000));
    }
  }
}
