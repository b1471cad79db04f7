package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Keeps what a response listener hears as short lines, such as `head 200`, `data abc`, `end`.
final class Heard implements ResponseListener {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile @Nullable UpstreamFailure failure;
  private volatile @Nullable UpstreamCall call;
  private volatile boolean over;

  void call(UpstreamCall started) {
    call = started;
  }

  UpstreamCall call() {
    return requireNonNull(call);
  }

  List<String> lines() {
    return lines;
  }

  String body() {
    var body = new StringBuilder();
    lines.stream()
        .filter(line -> line.startsWith("data "))
        .forEach(line -> body.append(line, 5, line.length()));
    return body.toString();
  }

  Heard awaitOver() {
    await().atMost(Duration.ofSeconds(5)).until(() -> over);
    return this;
  }

  Heard awaitLine(String line) {
    await().atMost(Duration.ofSeconds(5)).until(() -> lines.contains(line));
    return this;
  }

  /// What went wrong, for a message; null when nothing did.
  @Nullable UpstreamFailure problem() {
    return failure;
  }

  UpstreamFailure failure() {
    awaitOver();
    return requireNonNull(failure, "ended well: " + lines);
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    lines.add("head " + status);
  }

  @Override
  public void data(ByteBuf part) {
    lines.add("data " + part.toString(UTF_8));
  }

  @Override
  public void end() {
    lines.add("end");
    over = true;
  }

  @Override
  public void failed(UpstreamFailure cause) {
    lines.add("failed");
    failure = cause;
    over = true;
  }
}
