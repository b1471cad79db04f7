package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.net.ConnectionPool.Address;
import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
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
  private final SocketChannel channel;
  private final Address address;
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
  private long unsent;

  ClientConnection(
      SocketChannel channel, Address address, ConnectionPool pool, ClientOptions options) {
    this.channel = channel;
    this.address = address;
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
    channel.pipeline().addLast(new Tap(), new HttpClientCodec(decoding, false, false), this);
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

  /// Sends a call's request; the call hears all that follows.
  void run(ClientCall next, FullHttpRequest request) {
    call = next;
    anyByte = false;
    headDelivered = false;
    skipping = false;
    requestSent = false;
    channel.config().setAutoRead(!next.paused());
    deadline.clear();
    next.timeouts().head().ifPresent(deadline::set);
    unsent = Long.MAX_VALUE;
    var _ =
        channel
            .writeAndFlush(request)
            .addListener(
                (ChannelFutureListener)
                    sent -> {
                      if (!sent.isSuccess()) {
                        broken(Cause.CLOSED, detail(sent.cause()));
                      } else if (call == next) {
                        requestSent = true;
                        if (!headDelivered) {
                          next.timeouts().head().ifPresent(deadline::set);
                        }
                      }
                    });
  }

  void autoRead(boolean on) {
    channel.config().setAutoRead(on);
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
      current.timeouts().idle().ifPresent(deadline::set);
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
    current.head(response.status().code(), HopByHop.strip(response.headers()));
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
      channel.config().setAutoRead(true);
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

  /// Sees the bytes before they are parsed: part of a head is a sign of life too.
  private final class Tap extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      anyByte = true;
      awaitMore();
      ctx.fireChannelRead(message);
    }
  }
}
