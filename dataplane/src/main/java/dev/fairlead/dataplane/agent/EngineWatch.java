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
import io.netty.buffer.Unpooled;
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

  /// How often a server elsewhere that answers is looked at.
  private static final Duration SERVER_CHECK = Duration.ofSeconds(10);

  /// So many failures in a row: a single one may be a hiccup.
  private static final int SERVER_FAILURES = 2;

  private final EventLoop loop;
  private final HttpClient client;
  private final AgentOptions options;
  private final Listener listener;
  private EnginePhase phase = EnginePhase.ABSENT;
  private EngineTarget target = EngineTarget.child("localhost", 0);
  private int failures;
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
  UpstreamRequest post(EndpointKind kind, String accept, ByteBuf body, UpstreamTimeouts timeouts) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
            .set(HttpHeaderNames.ACCEPT, accept);
    target.authenticate(headers);
    return new UpstreamRequest(
        target.host(),
        target.port(),
        target.tls(),
        "POST",
        target.path(kind),
        headers,
        body,
        timeouts);
  }

  /// An engine listens there.
  void listening(EngineTarget newTarget) {
    stop();
    target = newTarget;
    failures = 0;
    enter(EnginePhase.LOADING, "listens on " + newTarget);
    if (target.server()) {
      checkServer();
    } else {
      checkHealth(1);
    }
  }

  /// The engine is no more.
  void gone(String why) {
    stop();
    if (phase != EnginePhase.ABSENT) {
      enter(EnginePhase.ABSENT, why);
    }
  }

  private void checkHealth(int attempt) {
    ask(
        probe(),
        failure -> {
          if (failure.isEmpty()) {
            enter(EnginePhase.WARMING, "is healthy");
            warmUp();
          } else {
            later(() -> checkHealth(attempt + 1), options.warmUp().pause(attempt));
          }
        });
  }

  /// A server elsewhere is looked at again and again: nobody says when it is gone.
  private void checkServer() {
    ask(
        probe(),
        failure -> {
          if (failure.isEmpty()) {
            failures = 0;
            if (phase != EnginePhase.READY) {
              enter(EnginePhase.READY, "%s answers".formatted(target));
            }
          } else {
            failures++;
            if (phase == EnginePhase.READY && failures >= SERVER_FAILURES) {
              enter(EnginePhase.LOADING, failure.get());
            }
            if (phase != EnginePhase.READY) {
              listener.warmUpFailed(failure.get());
            }
          }
          later(this::checkServer, failures == 0 ? SERVER_CHECK : options.warmUp().pause(failures));
        });
  }

  private UpstreamRequest probe() {
    HttpHeaders headers = new DefaultHttpHeaders();
    target.authenticate(headers);
    return new UpstreamRequest(
        target.host(),
        target.port(),
        target.tls(),
        "GET",
        target.probePath(),
        headers,
        Unpooled.EMPTY_BUFFER,
        within(options.warmUp().probe()));
  }

  private void warmUp() {
    EndpointKind kind =
        options.purpose() == Purpose.EMBEDDING ? EndpointKind.EMBEDDING : EndpointKind.COMPLETION;
    String json = WarmUpBody.of(options.purpose(), options.engineModel());
    ByteBuf body = ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, json);
    try {
      ask(post(kind, "application/json", body, within(options.warmUp().answer())), this::warmedUp);
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
            new ProbeAnswer(
                target.asked(),
                failure -> {
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
