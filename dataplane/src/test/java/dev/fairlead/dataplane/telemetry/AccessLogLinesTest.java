package dev.fairlead.dataplane.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessLogLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private boolean full;
  private final AccessLog.Lines lines =
      new AccessLog.Lines(
          new LogTarget() {
            @Override
            public void write(byte[] text) throws IOException {
              if (full) {
                written.write(text, 0, 5);
                throw new IOException("No space left on device");
              }
              written.write(text);
            }

            @Override
            public void close() {}
          },
          () -> Settled.ARRIVED.plusSeconds(9));

  @Test
  void aRequestIsALineOfJson() throws IOException {
    lines.tell(List.of(Settled.stream("req_1"), Settled.refused("req_2")), 0);

    assertThat(written.toString(UTF_8))
        .isEqualTo(
            """
            {"time":"2026-11-24T08:00:00Z","id":"req_1","tenant":"default","key":"ci","model":"chat","version":"chat-1",\
            "replica":"chat-1-abc","kind":"chat","stream":true,"outcome":"success","status":200,"error":"",\
            "finishReason":"length","promptTokens":5812,"cachedTokens":12,"completionTokens":412,"queueMillis":4000.0,\
            "firstEventMillis":1000.0,"totalMillis":7000.0}
            {"time":"2026-11-24T08:00:00Z","id":"req_2","tenant":"default","key":"","model":"","version":"",\
            "replica":"","kind":"embedding","stream":false,"outcome":"refused","status":404,"error":"model_not_found",\
            "finishReason":"","promptTokens":0,"cachedTokens":0,"completionTokens":0,"queueMillis":1.0,"totalMillis":1.0}
            """);
  }

  @Test
  void aRefusalAtTheDoorIsALineWithWhatIsKnown() throws IOException {
    lines.tell(List.of(Settled.atTheDoor("req_1", Optional.empty())), 0);

    assertThat(written.toString(UTF_8))
        .isEqualTo(
            """
            {"time":"2026-11-24T08:00:00Z","id":"req_1","tenant":"","key":"","address":"10.0.0.7","method":"POST",\
            "path":"/v1/chat/completions","outcome":"refused","status":401,"error":"invalid_api_key","totalMillis":2.0}
            """);
  }

  @Test
  void whatWasDroppedIsToldInOneLine() throws IOException {
    lines.tell(List.of(Settled.refused("req_1")), 7);

    assertThat(written.toString(UTF_8).lines().toList())
        .hasSize(2)
        .first()
        .isEqualTo("{\"time\":\"2026-11-24T08:00:09Z\",\"dropped\":7}");
  }

  @Test
  void aLineThatAFullDiskHasCutSpoilsNoOther() throws IOException {
    full = true;
    assertThatThrownBy(() -> lines.tell(List.of(Settled.refused("req_1")), 0))
        .isInstanceOf(IOException.class);
    full = false;

    lines.tell(List.of(Settled.refused("req_2")), 1);

    assertThat(written.toString(UTF_8).lines().toList())
        .hasSize(3)
        .satisfies(all -> assertThat(all.get(0)).isEqualTo("{\"tim"))
        .satisfies(all -> assertThat(all.get(1)).startsWith("{\"time\":").endsWith("}"))
        .satisfies(all -> assertThat(all.get(2)).contains("req_2").endsWith("}"));
  }
}
