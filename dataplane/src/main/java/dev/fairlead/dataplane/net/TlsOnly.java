package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/// Tells a client that speaks plain HTTP to a TLS port what is wrong, instead of hanging up on it.
/// Stands before the TLS handler and leaves with the first byte. Confined to the connection's event
/// loop.
final class TlsOnly extends ChannelInboundHandlerAdapter {
  private static final String ANSWER =
      """
      HTTP/1.1 400 Bad Request\r
      content-type: text/plain\r
      content-length: 44\r
      connection: close\r
      \r
      This port speaks HTTPS: begin with https://\n\
      """;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes && bytes.isReadable() && !isLetter(bytes)) {
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(message);
      return;
    }
    ReferenceCountUtil.release(message);
    ByteBuf answer = Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII);
    var _ = ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  /// A TLS record begins with 22, a method with a letter.
  private static boolean isLetter(ByteBuf bytes) {
    byte first = bytes.getByte(bytes.readerIndex());
    return first >= 'A' && first <= 'Z';
  }
}
