package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/// Collects a body without copying it. Confined to the exchange's event loop.
final class WholeBody implements BodyReceiver {
  private final ServerExchange exchange;
  private final int maxBytes;
  private final Consumer<ByteBuf> then;
  private final CompositeByteBuf parts = Unpooled.compositeBuffer(Integer.MAX_VALUE);

  WholeBody(ServerExchange exchange, int maxBytes, Consumer<ByteBuf> then) {
    this.exchange = exchange;
    this.maxBytes = maxBytes;
    this.then = then;
  }

  @Override
  public void data(ByteBuf chunk) {
    if (chunk.readableBytes() > maxBytes - parts.readableBytes()) {
      exchange.refuse(Refusal.bodyTooLarge(maxBytes));
      return;
    }
    parts.addComponent(true, chunk.retain());
  }

  @Override
  public void end() {
    try {
      then.accept(parts);
    } finally {
      parts.release();
    }
  }

  @Override
  public void cancelled() {
    parts.release();
  }
}
