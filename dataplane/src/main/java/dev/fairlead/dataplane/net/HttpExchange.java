package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The answer's side of one exchange. Small parts are copied together and leave once a turn of the
/// loop: fewer system calls and chunks, and a part of 100 bytes does not keep the 64 KiB buffer
/// alive from which it was cut. Confined to the connection's event loop.
final class HttpExchange implements ServerExchange {
  private static final int COPY_BELOW = 4 << 10;
  private static final int FLUSH_ABOVE = 16 << 10;
  private static final int PIECE = 32 << 10;

  /// More than most heads take; a longer one grows the buffer.
  private static final int HEAD_BYTES = 512;

  private final ServerConnection connection;
  private final Channel channel;
  private final HttpRequest request;
  private final RequestTarget target;
  private final boolean head;
  private final long openedNanos;
  private final Runnable flush = this::flushTurn;
  private @Nullable ByteBuf tail;
  private @Nullable HttpHeaders always;
  private @Nullable Runnable onWritable;
  private @Nullable Runnable onGone;
  private @Nullable Refusal refused;
  private boolean started;
  private int status;
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
    this.openedNanos = channel.eventLoop().ticker().nanoTime();
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
  public Duration age() {
    return Duration.ofNanos(channel.eventLoop().ticker().nanoTime() - openedNanos);
  }

  @Override
  public void respond(int status, HttpHeaders headers, ByteBuf body) {
    if (!begin("respond")) {
      body.release();
      return;
    }
    boolean bodiless = head || isBodiless(status);
    int length = body.readableBytes();
    boolean together = !bodiless && length < COPY_BELOW;
    ByteBuf out = channel.alloc().buffer(together ? HEAD_BYTES + length : HEAD_BYTES);
    try {
      writeHead(out, status, headers);
      if (!isBodiless(status)) {
        HeadWriter.contentLength(out, length);
      }
      endHead(out, connection.keepAliveAfter(request));
    } catch (RuntimeException e) {
      started = false;
      out.release();
      body.release();
      throw e;
    }
    if (together) {
      out.writeBytes(body, body.readerIndex(), length);
    }
    if (together || bodiless) {
      body.release();
      end(channel.writeAndFlush(out));
      return;
    }
    send(out);
    while (body.readableBytes() > PIECE) {
      send(body.readRetainedSlice(PIECE));
    }
    end(channel.writeAndFlush(body));
  }

  /// Statuses whose answers have no body, whatever their handler gives (RFC 9110, section 6.4.1).
  private static boolean isBodiless(int status) {
    return status < 200 || status == 204 || status == 304;
  }

  @Override
  public void refuse(Refusal refusal, List<Header> headers) {
    if (started || finished) {
      return;
    }
    refused = refusal;
    if (onGone == null) {
      connection.refusals().refusing(this, refusal);
    }
    var sent = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    for (Header header : headers) {
      sent.add(header.name(), header.value());
    }
    String body = connection.errors().render(refusal);
    respond(refusal.status(), sent, Unpooled.copiedBuffer(body, UTF_8));
  }

  @Override
  public void processing() {
    if (!started && !finished && request.protocolVersion().minorVersion() > 0) {
      ByteBuf out = channel.alloc().buffer(64);
      HeadWriter.status(out, HttpResponseStatus.PROCESSING.code());
      HeadWriter.end(out);
      var _ = channel.writeAndFlush(out, channel.voidPromise());
    }
  }

  @Override
  public void start(int status, HttpHeaders headers) {
    if (!begin("start")) {
      return;
    }
    chunked = request.protocolVersion().minorVersion() > 0;
    ByteBuf out = channel.alloc().buffer(HEAD_BYTES);
    try {
      writeHead(out, status, headers);
      if (chunked) {
        HeadWriter.chunked(out);
      }
      endHead(out, chunked && connection.keepAliveAfter(request));
    } catch (RuntimeException e) {
      started = false;
      out.release();
      throw e;
    }
    send(out);
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

  private void writeHead(ByteBuf out, int answered, HttpHeaders headers) {
    status = answered;
    HeadWriter.status(out, answered);
    HeadWriter.headers(out, headers);
    if (always != null) {
      HeadWriter.headers(out, always);
    }
    connection.crossOrigin().mark(request.headers(), out);
  }

  private void endHead(ByteBuf out, boolean keepAlive) {
    if (!keepAlive) {
      HeadWriter.close(out);
      connection.closeAfterAnswer();
    } else if (request.protocolVersion().minorVersion() == 0) {
      HeadWriter.keepAlive(out);
    }
    HeadWriter.end(out);
  }

  private void send(ByteBuf bytes) {
    var _ = channel.write(bytes, channel.voidPromise());
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
    int length = part.readableBytes();
    if (length < COPY_BELOW) {
      append(part);
    } else {
      writeTail();
      writeWhole(part);
    }
    if (length < FLUSH_ABOVE) {
      scheduleFlush();
    } else {
      // At once, or it would look as if the client had stopped reading.
      channel.flush();
    }
  }

  /// Copies a part into the chunk that is being gathered, which leaves room for its size in front.
  private void append(ByteBuf part) {
    int length = part.readableBytes();
    if (tail == null) {
      tail = channel.alloc().buffer(Math.max(512, ChunkFrame.BYTES + length));
      ChunkFrame.open(tail, chunked);
    }
    tail.writeBytes(part, part.readerIndex(), length);
    part.release();
    if (tail.readableBytes() >= FLUSH_ABOVE) {
      writeTail();
    }
  }

  private void writeTail() {
    ByteBuf gathered = tail;
    if (gathered != null) {
      tail = null;
      ChunkFrame.close(gathered, chunked);
      send(gathered);
    }
  }

  private void writeWhole(ByteBuf part) {
    if (!chunked) {
      send(part);
      return;
    }
    send(ChunkFrame.before(channel.alloc(), part.readableBytes()));
    send(part);
    send(ChunkFrame.after());
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
    ByteBuf last = tail;
    tail = null;
    if (last != null) {
      ChunkFrame.close(last, chunked);
    }
    if (!chunked || head) {
      end(channel.writeAndFlush(last == null ? Unpooled.EMPTY_BUFFER : last));
      return;
    }
    end(channel.writeAndFlush(last == null ? ChunkFrame.last() : ChunkFrame.last(last)));
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
  public int status() {
    return status;
  }

  @Override
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refused);
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
