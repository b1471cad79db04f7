package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class SseTest {
  private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);

  private static String text(ByteBuf event) {
    try {
      return event.toString(UTF_8);
    } finally {
      event.release();
    }
  }

  @Test
  void eventsAreWrittenAsTheStandardSays() {
    assertThat(text(Sse.data(HEAP, "{\"é\":1}"))).isEqualTo("data: {\"é\":1}\n\n");
    assertThat(text(Sse.event(HEAP, "error", "{}"))).isEqualTo("event: error\ndata: {}\n\n");
    assertThat(text(Sse.comment(HEAP, "loading, 4 s"))).isEqualTo(": loading, 4 s\n\n");
    assertThat(text(Sse.done())).isEqualTo("data: [DONE]\n\n");
    assertThat(text(Sse.data(HEAP, ""))).isEqualTo("data: \n\n");
  }

  @Test
  void lineBreaksCannotForgeAnEvent() {
    assertThat(text(Sse.data(HEAP, "a\nb\r\nc\rd")))
        .isEqualTo("data: a\ndata: b\ndata: c\ndata: d\n\n");
    assertThat(text(Sse.comment(HEAP, "a\n\ndata: b"))).isEqualTo(": a\n: \n: data: b\n\n");
    assertThatThrownBy(() -> Sse.event(HEAP, "a\nb", "")).hasMessageContaining("line break");
  }
}
