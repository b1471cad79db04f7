package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: turns what the decoder reads into exchanges, one after the other, and
/// keeps the client's time-outs. Confined to its event loop.
///
/// ```
///            first byte            head                body's end          answer sent
///    IDLE ───────────────► HEAD ──────────► BODY ────────────────► ANSWER ─────────────► IDLE
///      └── idle: close       └── 408          └── 413, 408, 400       └── stall: cut       or LINGER
/// ```
///
/// After an answer that ends the connection while the client may still be sending, the connection
/// LINGERs: the output is shut and the rest dropped, for a close would reset the connection and the
/// client might never see the answer (RFC 9112, section 9.6).
final class ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final long DISCARD_AT_MOST = 64 << 10;
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final int HEAD_BYTES = 256;

  private enum Phase {
    IDLE,
    HEAD,
    BODY,
    ANSWER,
    LINGER
  }

  private final HttpServer server;
  private final SocketChannel channel;
  private final ConnectionEnd end;
  private final InetSocketAddress remote;
  private final RequestDecoder decoder;
  private final Deadline deadline;
  private final StallWatch stall;
  private Phase phase = Phase.IDLE;
  private @Nullable HttpExchange exchange;
  private @Nullable BodyReceiver receiver;
  private long bodyBytes;
  private boolean answerSent;
  private boolean counted;
  private boolean closing;

  ServerConnection(HttpServer server, SocketChannel channel) {
    this.server = server;
    this.channel = channel;
    this.end = new ConnectionEnd(channel);
    this.remote = channel.remoteAddress();
    this.decoder = new RequestDecoder(server.options().limits(), this::bytesArrived);
    this.deadline = new Deadline(channel.eventLoop(), this::tooLate);
    this.stall = new StallWatch(channel, () -> server.options().timeouts().stall());
  }

  /// Installs the handlers.
  void install() {
    channel.pipeline().addLast(decoder, this);
    deadline.set(server.options().timeouts().idle());
  }

  Channel channel() {
    return channel;
  }

  InetSocketAddress remoteAddress() {
    return remote;
  }

  CrossOriginRule crossOrigin() {
    return server.options().crossOrigin();
  }

  ErrorRenderer errors() {
    return server.options().errors();
  }

  RefusalListener refusals() {
    return server.options().refusals();
  }

  private void bytesArrived() {
    if (phase == Phase.IDLE) {
      phase = Phase.HEAD;
      deadline.set(server.options().timeouts().header());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (phase == Phase.LINGER || !channel.isActive()) {
        return;
      }
      if (message instanceof HttpRequest request) {
        head(request);
      }
      if (message instanceof HttpContent content && phase == Phase.BODY) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpRequest request) {
    phase = Phase.BODY;
    bodyBytes = 0;
    answerSent = false;
    Optional<RequestTarget> target = RequestTarget.parse(request.uri());
    Optional<Refusal> refusal =
        RequestChecks.refusal(request, server.options().limits())
            .or(() -> target.isEmpty() ? Optional.of(badTarget()) : Optional.empty());
    var opened = new HttpExchange(this, request, target.orElse(RequestTarget.UNKNOWN));
    exchange = opened;
    counted = true;
    server.exchangeOpened();
    if (refusal.isPresent()) {
      LOG.debug("request refused remote={} code={}", remote, refusal.get().code());
      opened.cut(refusal.get());
      return;
    }
    target
        .flatMap(RequestTarget::authority)
        .ifPresent(authority -> request.headers().set(HttpHeaderNames.HOST, authority));
    deadline.set(server.options().timeouts().body());
    accept(opened);
    if (HttpUtil.is100ContinueExpected(request) && !opened.started() && !opened.finished()) {
      var _ = channel.writeAndFlush(Unpooled.copiedBuffer(CONTINUE, US_ASCII));
    }
  }

  private static Refusal badTarget() {
    return Refusal.badRequest("The request's target is malformed.");
  }

  private void accept(HttpExchange opened) {
    try {
      receiver = server.accept(opened);
    } catch (RuntimeException e) {
      failed(opened, e);
    }
    if (opened.finished()) {
      cancelBody();
    }
  }

  private void failed(HttpExchange failed, RuntimeException cause) {
    LOG.error("handler failed method={} path={}", failed.method(), failed.path(), cause);
    failed.cut(new Refusal(500, "internal_error", "The server failed. Its log says why."));
  }

  private void content(HttpContent content) {
    HttpExchange current = exchange;
    if (current == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      breakBody(
          current,
          RequestChecks.undecodableBody(
              content.decoderResult().cause(), server.options().limits()));
      return;
    }
    bodyBytes += content.content().readableBytes();
    if (bodyBytes > server.options().limits().maxBodyBytes()) {
      breakBody(current, Refusal.bodyTooLarge(server.options().limits().maxBodyBytes()));
      return;
    }
    boolean last = content instanceof LastHttpContent;
    if (last) {
      phase = Phase.ANSWER;
      deadline.clear();
      decoder.hold();
      if (answerSent) {
        next();
        return;
      }
    }
    deliver(current, content.content(), last);
  }

  private void deliver(HttpExchange current, ByteBuf bytes, boolean last) {
    try {
      if (receiver != null && bytes.isReadable()) {
        receiver.data(bytes);
      }
      BodyReceiver ended = receiver;
      if (last && ended != null) {
        receiver = null;
        ended.end();
      }
    } catch (RuntimeException e) {
      failed(current, e);
    }
    if (current.finished()) {
      cancelBody();
    }
  }

  private void breakBody(HttpExchange current, Refusal refusal) {
    if (answerSent) {
      linger();
    } else {
      current.cut(refusal);
    }
    cancelBody();
  }

  private void cancelBody() {
    BodyReceiver cancelled = receiver;
    receiver = null;
    if (cancelled != null) {
      cancelled.cancelled();
    }
  }

  /// Whether the connection can serve another request after the answer to this one: not when the
  /// rest of its body would be too much to read for nothing.
  boolean keepAliveAfter(HttpRequest request) {
    return !closing
        && !server.draining()
        && HttpUtil.isKeepAlive(request)
        && (phase == Phase.ANSWER || discardable(request));
  }

  private static boolean discardable(HttpRequest request) {
    return !HttpUtil.isTransferEncodingChunked(request)
        && HttpUtil.getContentLength(request, 0L) <= DISCARD_AT_MOST
        && !HttpUtil.is100ContinueExpected(request);
  }

  void closeAfterAnswer() {
    closing = true;
  }

  /// Learns that the last byte of the answer was handed over; `sent` completes when it has left.
  void answered(ChannelFuture sent) {
    if (sent.isDone()) {
      sent(sent);
    } else {
      stall.begin();
      sent.addListener((ChannelFutureListener) this::sent);
    }
  }

  private void sent(ChannelFuture sent) {
    stall.clear();
    answerSent = true;
    uncount();
    if (!sent.isSuccess()) {
      var _ = channel.close();
    } else if (phase == Phase.ANSWER) {
      next();
    } else if (closing) {
      linger();
    }
  }

  private void uncount() {
    if (counted) {
      counted = false;
      server.exchangeClosed();
    }
  }

  private void next() {
    exchange = null;
    if (closing || server.draining()) {
      if (decoder.buffered() > 0) {
        linger();
      } else {
        var _ = channel.close();
      }
      return;
    }
    phase = decoder.buffered() > 0 ? Phase.HEAD : Phase.IDLE;
    var timeouts = server.options().timeouts();
    deadline.set(phase == Phase.HEAD ? timeouts.header() : timeouts.idle());
    decoder.release(channel.pipeline().context(decoder));
  }

  private void linger() {
    phase = Phase.LINGER;
    decoder.discard();
    channel.config().setAutoRead(true);
    end.shutOutput();
    deadline.set(LINGER);
  }

  /// Ends the connection so that the client sees a failure. The missing last chunk tells it; where
  /// there are no chunks only a reset does.
  void aborted(boolean started, boolean chunked) {
    closing = true;
    if (!started) {
      end.reset();
      return;
    }
    stall.begin();
    var _ =
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(_ -> {
              if (chunked) {
                end.close();
              } else {
                end.reset();
              }
            });
  }

  /// Closes the connection once nothing runs on it.
  void drain() {
    closing = true;
    if (phase == Phase.IDLE) {
      var _ = channel.close();
    }
  }

  /// Closes the connection now, whatever runs on it.
  void cut() {
    end.cut();
  }

  private void tooLate() {
    switch (phase) {
      case IDLE, LINGER -> {
        var _ = channel.close();
      }
      case HEAD -> {
        phase = Phase.LINGER;
        decoder.discard();
        var timeout = new Refusal(408, "header_timeout", "The request's head took too long.");
        var _ = channel.writeAndFlush(withoutExchange(timeout)).addListener(_ -> linger());
      }
      case BODY -> {
        if (exchange != null && !answerSent) {
          exchange.cut(new Refusal(408, "body_timeout", "The request's body took too long."));
          cancelBody();
        } else {
          var _ = channel.close();
        }
      }
      case ANSWER -> {}
    }
  }

  /// The answer to what never became an exchange.
  private ByteBuf withoutExchange(Refusal refusal) {
    byte[] body = errors().render(refusal).getBytes(UTF_8);
    ByteBuf out = channel.alloc().buffer(HEAD_BYTES + body.length);
    HeadWriter.status(out, refusal.status());
    HeadWriter.header(out, HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    HeadWriter.contentLength(out, body.length);
    HeadWriter.close(out);
    HeadWriter.end(out);
    return out.writeBytes(body);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!channel.isWritable()) {
      stall.begin();
    } else if (exchange != null && !exchange.finished()) {
      stall.clear();
      exchange.becameWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.stop();
    stall.stop();
    HttpExchange current = exchange;
    exchange = null;
    if (current != null) {
      current.lost();
    }
    cancelBody();
    uncount();
  }

  /// A client that ends its side of TLS is gone, as one that ends its side of the connection.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      end.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException
        || (cause instanceof DecoderException && cause.getCause() instanceof SSLException)) {
      LOG.debug("connection lost remote={} cause={}", remote, cause.getMessage());
    } else {
      LOG.error("connection failed remote={}", remote, cause);
    }
    var _ = channel.close();
  }
}
