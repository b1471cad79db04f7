package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An exchange without a socket, which keeps what its handler answers. Confined to one thread.
public final class FakeExchange implements ServerExchange {
  private final String method;
  private final RequestTarget target;
  private final HttpHeaders headers = new DefaultHttpHeaders();
  private final HttpHeaders answerHeaders = new DefaultHttpHeaders();
  private final HttpHeaders always = new DefaultHttpHeaders();
  private final StringBuilder body = new StringBuilder();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private @Nullable Runnable onWritable;
  private @Nullable Runnable onGone;
  private boolean writable = true;
  private boolean finished;
  private boolean aborted;
  private int status;
  private @Nullable Refusal refused;

  /// A request from 127.0.0.1 to port 8080 with `Host: localhost:8080`.
  public FakeExchange(String method, String target) {
    this.method = method;
    this.target = RequestTarget.parse(target).orElseThrow();
    headers.set("host", "localhost:8080");
  }

  /// Sets a header of the request.
  public FakeExchange with(String name, String value) {
    headers.set(name, value);
    return this;
  }

  @Override
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refused);
  }

  @Override
  public int status() {
    return status;
  }

  /// The answer's body so far; for a refusal its code and message.
  public String body() {
    return body.toString();
  }

  /// The answer's headers.
  public HttpHeaders answerHeaders() {
    return answerHeaders;
  }

  /// Whether the handler aborted.
  public boolean aborted() {
    return aborted;
  }

  /// Lets the client leave.
  public void leave() {
    if (!finished) {
      finished = true;
      Objects.requireNonNullElse(onGone, () -> {}).run();
    }
  }

  /// Lets the client stop or go on reading.
  public void writable(boolean now) {
    writable = now;
    if (now) {
      Objects.requireNonNullElse(onWritable, () -> {}).run();
    }
  }

  /// Runs what was put into the loop.
  public void runLoop() {
    channel.runPendingTasks();
  }

  @Override
  public String method() {
    return method;
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
    return headers.get(name);
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
  }

  @Override
  public InetSocketAddress localAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
  }

  @Override
  public Duration age() {
    return Duration.ZERO;
  }

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
  public void answerWith(CharSequence name, String value) {
    always.set(name, value);
  }

  @Override
  public void respond(int answered, HttpHeaders sent, ByteBuf whole) {
    start(answered, sent);
    write(whole);
    finish();
  }

  @Override
  public void refuse(Refusal refusal, List<Header> sent) {
    if (!started() && !finished) {
      status = refusal.status();
      refused = refusal;
      body.append(refusal.code()).append(' ').append(refusal.message());
      sent.forEach(header -> answerHeaders.add(header.name(), header.value()));
      answerHeaders.add(always);
      finished = true;
    }
  }

  @Override
  public void processing() {
    // The client of this exchange does not wait for anything.
  }

  @Override
  public void start(int answered, HttpHeaders sent) {
    if (!finished) {
      status = answered;
      answerHeaders.set(sent).add(always);
    }
  }

  @Override
  public void write(ByteBuf part) {
    if (!finished) {
      body.append(part.toString(UTF_8));
    }
    part.release();
  }

  @Override
  public void finish() {
    finished = true;
  }

  @Override
  public void abort() {
    aborted = !finished;
    finished = true;
  }

  @Override
  public boolean started() {
    return status != 0;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void onWritable(Runnable action) {
    onWritable = action;
  }

  @Override
  public void onClientGone(Runnable action) {
    onGone = action;
  }
}
