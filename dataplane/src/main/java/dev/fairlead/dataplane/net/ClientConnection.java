package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.net.ConnectionPool.Address;
import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection to an upstream, which serves one call after the other. An unused one is read as
/// well: that is how its end is noticed before the next call. Confined to its event loop.
final class ClientConnection extends ChannelInboundHandlerAdapter {
  /// A small body is copied behind its head: one piece of memory, one system call.
  private static final int COPY_BELOW = 4 << 10;

  private static final int HEAD_BYTES = 768;

  private final SocketChannel channel;
  private final Address address;
  private final String host;
  private final ConnectionPool pool;
  private final ClientOptions options;
  private final Deadline deadline;
  private @Nullable ClientCall call;
  private boolean pooled;
  private boolean anyByte;
  private boolean headDelivered;
  private boolean skipping;
  private boolean keepAlive;
  private boolean requestSent;
  private boolean headRequest;
  private long unsent;

  ClientConnection(
      SocketChannel channel, Address address, ConnectionPool pool, ClientOptions options) {
    this.channel = channel;
    this.address = address;
    this.host = address.toString();
    this.pool = pool;
    this.options = options;
    this.deadline = new Deadline(channel.eventLoop(), this::tooLate);
  }

  /// Installs the handlers.
  void install() {
    var decoding =
        new HttpDecoderConfig()
            .setMaxHeaderSize(options.maxHeaderBytes())
            .setMaxChunkSize(64 << 10);
    channel.pipeline().addLast(new Decoder(decoding), this);
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Address address() {
    return address;
  }

  /// Takes the connection out of the pool; whether it can be used.
  boolean claim() {
    pooled = false;
    return channel.isActive();
  }

  /// Sends a call's request; the call hears all that follows, but nothing before this returns.
  void run(ClientCall next, UpstreamRequest request) {
    call = next;
    anyByte = false;
    headDelivered = false;
    skipping = false;
    headRequest = request.method().equals("HEAD");
    autoReading(!next.paused());
    deadline.clear();
    if (next.timeouts().head().isPresent()) {
      deadline.set(next.timeouts().head().get());
    }
    requestSent = false;
    unsent = Long.MAX_VALUE;
    ChannelFuture sent = send(request);
    if (sent.isSuccess()) {
      requestSent = true;
    } else if (sent.isDone()) {
      loop().execute(() -> sent(next, sent));
    } else {
      var _ = sent.addListener(_ -> sent(next, sent));
    }
  }

  private void sent(ClientCall sender, ChannelFuture sent) {
    if (call != sender) {
      return;
    }
    if (!sent.isSuccess()) {
      broken(Cause.CLOSED, detail(sent.cause()));
      return;
    }
    requestSent = true;
    if (!headDelivered) {
      sender.timeouts().head().ifPresent(deadline::set);
    }
  }

  private ChannelFuture send(UpstreamRequest request) {
    ByteBuf body = request.body();
    int length = body.readableBytes();
    boolean together = length < COPY_BELOW;
    ByteBuf out = channel.alloc().buffer(together ? HEAD_BYTES + length : HEAD_BYTES);
    try {
      HeadWriter.request(out, request, host);
      if (length > 0 || !request.method().equals("GET")) {
        HeadWriter.contentLength(out, length);
      }
      HeadWriter.end(out);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
    if (together) {
      return channel.writeAndFlush(out.writeBytes(body, body.readerIndex(), length));
    }
    var _ = channel.write(out, channel.voidPromise());
    return channel.writeAndFlush(body.retainedDuplicate());
  }

  private void autoReading(boolean on) {
    if (channel.config().isAutoRead() != on) {
      channel.config().setAutoRead(on);
    }
  }

  void autoRead(boolean on) {
    autoReading(on);
    if (!on) {
      if (headDelivered) {
        deadline.clear();
      }
    } else {
      awaitMore();
    }
  }

  private void awaitMore() {
    ClientCall current = call;
    if (current != null && headDelivered && !current.paused()) {
      Optional<Duration> idle = current.timeouts().idle();
      if (idle.isPresent()) {
        deadline.set(idle.get());
      }
    }
  }

  /// Closes the connection; the call hears nothing more.
  void close() {
    call = null;
    deadline.stop();
    var _ = channel.close();
  }

  /// Closes the connection and fails its call.
  void shutDown() {
    broken(Cause.SHUT_DOWN, "the client was closed");
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (call == null) {
        var _ = channel.close();
        return;
      }
      if (message instanceof HttpResponse response) {
        head(response);
      }
      if (message instanceof HttpContent content) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      undecodable(response.decoderResult().cause());
      return;
    }
    if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      skipping = true;
      requireNonNull(call).timeouts().head().ifPresent(deadline::set);
      return;
    }
    headDelivered = true;
    keepAlive = HttpUtil.isKeepAlive(response);
    ClientCall current = requireNonNull(call);
    awaitMore();
    if (current.timeouts().idle().isEmpty()) {
      deadline.clear();
    }
    HopByHop.strip(response.headers());
    current.head(response.status().code(), response.headers());
  }

  private void content(HttpContent content) {
    ClientCall current = call;
    if (current == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      undecodable(content.decoderResult().cause());
      return;
    }
    boolean last = content instanceof LastHttpContent;
    if (skipping) {
      skipping = !last;
      return;
    }
    if (content.content().isReadable()) {
      current.data(content.content());
    }
    if (last && call != null) {
      complete(current);
    }
  }

  private void undecodable(Throwable cause) {
    if (cause instanceof PrematureChannelClosureException) {
      broken(headDelivered ? Cause.TRUNCATED : Cause.CLOSED, "closed within the response");
    } else {
      broken(Cause.MALFORMED, detail(cause));
    }
  }

  private void complete(ClientCall current) {
    call = null;
    deadline.clear();
    if (keepAlive && requestSent && channel.isActive() && pool.keep(this)) {
      pooled = true;
      autoReading(true);
      deadline.set(options.idle());
    } else {
      var _ = channel.close();
    }
    current.end();
  }

  private void broken(Cause cause, String detail) {
    ClientCall current = call;
    call = null;
    var _ = channel.close();
    if (current != null) {
      current.broken(
          new UpstreamFailure(cause, headDelivered, true, address + ": " + detail), !anyByte);
    }
  }

  private void tooLate() {
    if (pooled) {
      var _ = channel.close();
    } else if (requestMoves()) {
      requireNonNull(call).timeouts().head().ifPresent(deadline::set);
    } else if (headDelivered) {
      broken(Cause.IDLE_TIMEOUT, "silent for " + within(requireNonNull(call).timeouts().idle()));
    } else {
      broken(
          Cause.HEAD_TIMEOUT,
          "no response within " + within(requireNonNull(call).timeouts().head()));
    }
  }

  /// Whether the request is still being sent, and some of it was taken since this was last asked.
  private boolean requestMoves() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (requestSent || headDelivered || buffer == null) {
      return false;
    }
    long before = unsent;
    unsent = buffer.totalPendingWriteBytes() - buffer.currentProgress();
    return unsent < before;
  }

  private static String within(Optional<Duration> time) {
    return time.map(Duration::toString).orElse("its time");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (pooled) {
      pool.forget(this);
    }
    deadline.stop();
    broken(headDelivered ? Cause.TRUNCATED : Cause.CLOSED, "closed by the upstream");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(headDelivered ? Cause.TRUNCATED : Cause.CLOSED, detail(cause));
  }

  private static String detail(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /// Parses responses, and sees the bytes before that: part of a head is a sign of life too.
  private final class Decoder extends HttpResponseDecoder {
    Decoder(HttpDecoderConfig config) {
      super(config);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
      anyByte = true;
      awaitMore();
      super.channelRead(ctx, message);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
      return headRequest || super.isContentAlwaysEmpty(message);
    }
  }
}
