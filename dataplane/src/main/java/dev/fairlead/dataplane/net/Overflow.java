package dev.fairlead.dataplane.net;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;

/// Tells a client that there is no room for its connection. Confined to the connection's event
/// loop.
final class Overflow extends ChannelInboundHandlerAdapter {
  private final ErrorRenderer errors;
  private final String message;

  /// @param message what there are too many of, as the beginning of a sentence
  Overflow(ErrorRenderer errors, String message) {
    this.errors = errors;
    this.message = message;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().addBefore(ctx.name(), "encoder", new HttpResponseEncoder());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    var full = new Refusal(503, "too_many_connections", message + " in use. Try again.");
    var _ = ctx.writeAndFlush(errors.answer(full)).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
