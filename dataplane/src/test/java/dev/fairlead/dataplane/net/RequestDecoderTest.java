package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;

class RequestDecoderTest {
  private final RequestDecoder decoder = new RequestDecoder(RequestLimits.defaults(), () -> {});
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

  @Test
  void aPipeliningClientIsNotReadAboveABoundAndReadAgainLater() {
    decoder.hold();
    int sent = 0;
    while (channel.config().isAutoRead()) {
      channel.writeInbound(Handlers.text("GET /%d HTTP/1.1\r\nHost: x\r\n\r\n".formatted(sent++)));
      assertThat(decoder.buffered()).isLessThan(66_000);
    }
    assertThat(sent).isGreaterThan(1_000);
    Object early = channel.readInbound();
    assertThat(early).isNull();
    decoder.release(channel.pipeline().context(decoder));
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    for (int i = 0; i < sent; i++) {
      HttpRequest request = channel.readInbound();
      assertThat(request.uri()).isEqualTo("/" + i);
      ReferenceCountUtil.release(channel.readInbound());
    }
    channel.finishAndReleaseAll();
  }
}
