package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer's side of one exchange. Small parts are copied together and leave once a turn of the
/// loop: fewer system calls and chunks, and a part of 100 bytes does not keep the 64 KiB buffer
/// alive from which it was cut. Confined to the connection's event loop.
final class HttpExchange implements ServerExchange {
  private static final int COPY_BELOW = 4 << 10;
  private static final int FLUSH_ABOVE = 16 << 10;
  private static final int PIECE = 32 << 10;

  private final ServerConnection connection;
  private final Channel channel;
  private final HttpRequest request;
  private final RequestTarget target;
  private final boolean head;
  private final Runnable flush = this::flushTurn;
  private @Nullable ByteBuf tail;
  private @Nullable HttpHeaders always;
  private @Nullable Runnable onWritable;
  private @Nullable Runnable onGone;
  private boolean started;
  private boolean chunked;
  private boolean finished;
  private boolean gone;
  private boolean flushScheduled;

  HttpExchange(ServerConnection connection, HttpRequest request, RequestTarget target) {
    this.connection = connection;
    this.channel = connection.channel();
    this.request = request;
    this.target = target;
    this.head = request.method().name().equals("HEAD");
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String target() {
    return target.origin();
  }

  @Override
  public String path() {
    return target.path();
  }

  @Override
  public @Nullable String query(String name) {
    return target.query(name);
  }

  @Override
  public @Nullable String header(CharSequence name) {
    return request.headers().get(name);
  }

  @Override
  public HttpHeaders headers() {
    return request.headers();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
  public void answerWith(CharSequence name, String value) {
    if (always == null) {
      always = new DefaultHttpHeaders();
    }
    always.set(name, value);
  }

  @Override
  public void respond(int status, HttpHeaders headers, ByteBuf body) {
    if (!begin("respond")) {
      body.release();
      return;
    }
    HttpHeaders sent = headers.copy();
    if (status != HttpResponseStatus.NOT_MODIFIED.code()) {
      sent.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    }
    writeHead(status, sent, connection.keepAliveAfter(request));
    if (head) {
      body.release();
      end(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
      return;
    }
    while (body.readableBytes() > PIECE) {
      var _ = channel.write(new DefaultHttpContent(body.readRetainedSlice(PIECE)));
    }
    end(channel.writeAndFlush(new DefaultLastHttpContent(body)));
  }

  @Override
  public void refuse(Refusal refusal, List<Header> headers) {
    if (started || finished) {
      return;
    }
    var sent = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    for (Header header : headers) {
      sent.add(header.name(), header.value());
    }
    String body = connection.errors().render(refusal);
    respond(refusal.status(), sent, Unpooled.copiedBuffer(body, UTF_8));
  }

  @Override
  public void start(int status, HttpHeaders headers) {
    if (!begin("start")) {
      return;
    }
    HttpHeaders sent = headers.copy().remove(HttpHeaderNames.CONTENT_LENGTH);
    boolean keepAlive = connection.keepAliveAfter(request);
    chunked = request.protocolVersion().minorVersion() > 0;
    if (chunked) {
      sent.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    writeHead(status, sent, keepAlive && chunked);
    scheduleFlush();
  }

  private boolean begin(String what) {
    if (finished) {
      return false;
    }
    if (started) {
      throw new IllegalStateException(what + " after the answer has begun");
    }
    started = true;
    return true;
  }

  private void writeHead(int status, HttpHeaders sent, boolean keepAlive) {
    if (always != null) {
      sent.add(always);
    }
    if (keepAlive) {
      HttpUtil.setKeepAlive(sent, request.protocolVersion(), true);
    } else {
      sent.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      connection.closeAfterAnswer();
    }
    var _ =
        channel.write(
            new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), sent));
  }

  @Override
  public void write(ByteBuf part) {
    if (!started && !finished) {
      part.release();
      throw new IllegalStateException("write before start");
    }
    if (finished || head || !part.isReadable()) {
      part.release();
      return;
    }
    if (part.readableBytes() < COPY_BELOW) {
      append(part);
    } else {
      writeTail();
      var _ = channel.write(new DefaultHttpContent(part));
    }
    scheduleFlush();
  }

  private void append(ByteBuf part) {
    if (tail == null) {
      tail = channel.alloc().buffer(Math.max(256, part.readableBytes()));
    }
    tail.writeBytes(part);
    part.release();
    if (tail.readableBytes() >= FLUSH_ABOVE) {
      writeTail();
    }
  }

  private void writeTail() {
    if (tail != null) {
      var _ = channel.write(new DefaultHttpContent(tail));
      tail = null;
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      channel.eventLoop().execute(flush);
    }
  }

  private void flushTurn() {
    flushScheduled = false;
    if (!finished) {
      writeTail();
      channel.flush();
    }
  }

  @Override
  public void finish() {
    if (finished) {
      return;
    }
    if (!started) {
      throw new IllegalStateException("finish before start");
    }
    writeTail();
    end(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void end(ChannelFuture sent) {
    finished = true;
    forgetActions();
    connection.answered(sent);
  }

  @Override
  public void abort() {
    if (finished) {
      return;
    }
    finished = true;
    forgetActions();
    writeTail();
    connection.aborted(started, chunked);
  }

  /// Ends the exchange on the connection's behalf: with a refusal where that is still possible.
  void cut(Refusal refusal) {
    if (finished) {
      return;
    }
    Runnable action = onGone;
    connection.closeAfterAnswer();
    if (started) {
      abort();
    } else {
      refuse(refusal);
    }
    goneWith(action);
  }

  /// Learns that the connection is closed.
  void lost() {
    if (!finished) {
      finished = true;
      if (tail != null) {
        tail.release();
        tail = null;
      }
      Runnable action = onGone;
      forgetActions();
      goneWith(action);
    }
  }

  private void goneWith(@Nullable Runnable action) {
    gone = true;
    if (action != null) {
      action.run();
    }
  }

  private void forgetActions() {
    onWritable = null;
    onGone = null;
  }

  /// Learns that the client takes more again.
  void becameWritable() {
    if (onWritable != null) {
      onWritable.run();
    }
  }

  @Override
  public boolean started() {
    return started;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void onWritable(Runnable action) {
    if (!finished) {
      onWritable = action;
    }
  }

  @Override
  public void onClientGone(Runnable action) {
    if (gone) {
      action.run();
    } else if (!finished) {
      onGone = action;
    }
  }
}
