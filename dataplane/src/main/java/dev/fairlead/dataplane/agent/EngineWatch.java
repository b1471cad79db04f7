package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.UpstreamCall;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.net.UpstreamTimeouts;
import dev.fairlead.dataplane.openai.EndpointKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows an engine from the moment it listens until it has answered: asks its health check until
/// that succeeds, then sends it one short request, because the first one is slow (kernels, graphs,
/// page cache) and proves that it works. Confined to the agent's loop.
///
/// The warm-up of a chat model is a completion, which needs no chat template: a base model has
/// none.
final class EngineWatch {
  /// Learns of each step.
  interface Listener {
    void phaseChanged(EnginePhase phase, String why);

    void warmUpFailed(String why);
  }

  private final EventLoop loop;
  private final HttpClient client;
  private final AgentOptions options;
  private final Listener listener;
  private EnginePhase phase = EnginePhase.ABSENT;
  private String host = "";
  private int port;
  private @Nullable UpstreamCall call;
  private @Nullable Future<?> timer;

  EngineWatch(EventLoop loop, HttpClient client, AgentOptions options, Listener listener) {
    this.loop = requireNonNull(loop, "loop is null");
    this.client = requireNonNull(client, "client is null");
    this.options = requireNonNull(options, "options is null");
    this.listener = requireNonNull(listener, "listener is null");
  }

  EnginePhase phase() {
    return phase;
  }

  /// A request for the engine that was last said to listen.
  UpstreamRequest post(String path, String accept, ByteBuf body, UpstreamTimeouts timeouts) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
            .set(HttpHeaderNames.ACCEPT, accept);
    return new UpstreamRequest(host, port, "POST", path, headers, body, timeouts);
  }

  /// An engine listens there.
  void listening(String newHost, int newPort) {
    stop();
    host = newHost;
    port = newPort;
    enter(EnginePhase.LOADING, "listens on %s:%d".formatted(newHost, newPort));
    checkHealth(1);
  }

  /// The engine is no more.
  void gone(String why) {
    stop();
    if (phase != EnginePhase.ABSENT) {
      enter(EnginePhase.ABSENT, why);
    }
  }

  private void checkHealth(int attempt) {
    var request =
        UpstreamRequest.get(
            host, port, "/health", new DefaultHttpHeaders(), within(options.warmUp().probe()));
    ask(
        request,
        failure -> {
          if (failure.isEmpty()) {
            enter(EnginePhase.WARMING, "is healthy");
            warmUp();
          } else {
            later(() -> checkHealth(attempt + 1), options.warmUp().pause(attempt));
          }
        });
  }

  private void warmUp() {
    EndpointKind kind =
        options.purpose() == Purpose.EMBEDDING ? EndpointKind.EMBEDDING : EndpointKind.COMPLETION;
    String json = WarmUpBody.of(options.purpose(), options.engineModel());
    ByteBuf body = ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, json);
    try {
      ask(
          post(kind.path(), "application/json", body, within(options.warmUp().answer())),
          this::warmedUp);
    } finally {
      body.release();
    }
  }

  private void warmedUp(Optional<String> failure) {
    if (failure.isEmpty()) {
      enter(EnginePhase.READY, "answered the warm-up");
    } else {
      listener.warmUpFailed(failure.get());
      later(this::warmUp, options.warmUp().lastPause());
    }
  }

  private void ask(UpstreamRequest request, Consumer<Optional<String>> then) {
    call =
        client.send(
            loop,
            request,
            new ProbeAnswer(failure -> {
              call = null;
              then.accept(failure);
            }));
  }

  private UpstreamTimeouts within(Duration limit) {
    Duration connect = options.relay().connect();
    return UpstreamTimeouts.connectWithin(connect).withHead(limit).withIdle(limit);
  }

  private void later(Runnable task, Duration pause) {
    timer = loop.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void stop() {
    if (call != null) {
      call.cancel();
      call = null;
    }
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void enter(EnginePhase next, String why) {
    phase = next;
    listener.phaseChanged(next, why);
  }
}
