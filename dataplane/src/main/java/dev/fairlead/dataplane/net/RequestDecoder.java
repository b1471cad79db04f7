package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/// Parses requests strictly and one at a time: while it is held, what a pipelining client sends
/// stays as raw bytes, and above 64 KiB of them the connection is not read. Confined to its event
/// loop.
final class RequestDecoder extends HttpRequestDecoder {
  private static final int MAX_HELD_BYTES = 64 << 10;

  /// As much as one read brings: a body is handed on as it comes, not cut smaller.
  private static final int MAX_PART_BYTES = 64 << 10;

  private final Runnable onBytes;
  private boolean held;
  private boolean discarding;

  RequestDecoder(RequestLimits limits, Runnable onBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.maxRequestLine())
            .setMaxHeaderSize(limits.maxHeaderBytes())
            .setMaxChunkSize(MAX_PART_BYTES)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.onBytes = onBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (discarding) {
      ReferenceCountUtil.release(msg);
      return;
    }
    onBytes.run();
    super.channelRead(ctx, msg);
    if (held && buffered() > MAX_HELD_BYTES) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  /// Does not ask for more while held, as the inherited method would.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (held) {
      discardSomeReadBytes();
      ctx.fireChannelReadComplete();
    } else {
      super.channelReadComplete(ctx);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (!held && !discarding) {
      super.decode(ctx, buffer, out);
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
  }

  /// Stops parsing after the message that is being delivered.
  void hold() {
    held = true;
  }

  /// Parses on, in a later turn of the loop when there is something to parse.
  void release(ChannelHandlerContext ctx) {
    held = false;
    if (buffered() > 0) {
      ctx.executor().execute(() -> resume(ctx));
    }
  }

  private void resume(ChannelHandlerContext ctx) {
    if (held || discarding || ctx.isRemoved()) {
      return;
    }
    if (buffered() == 0) {
      ctx.channel().config().setAutoRead(true);
      return;
    }
    try {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
      ctx.fireChannelReadComplete();
    } catch (Exception e) {
      ctx.fireExceptionCaught(e);
    }
    if (!held || buffered() <= MAX_HELD_BYTES) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /// Drops everything from now on.
  void discard() {
    discarding = true;
  }

  /// How many bytes wait to be parsed.
  int buffered() {
    return actualReadableBytes();
  }
}
