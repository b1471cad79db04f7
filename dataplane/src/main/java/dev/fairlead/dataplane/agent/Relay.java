package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.agent.AdmissionQueue.Permit;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.ResponseListener;
import dev.fairlead.dataplane.net.UpstreamCall;
import dev.fairlead.dataplane.net.UpstreamFailure;
import dev.fairlead.dataplane.net.UpstreamTimeouts;
import dev.fairlead.dataplane.openai.AnswerIdentity;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one admitted request to the engine and the answer back. Two things have to end, the
/// answer and the call to the engine, in either order; then, and only then, the permit is given
/// back, for until then the engine's slot is taken. Confined to the agent's loop.
///
/// ```
/// WAITING ──turn──▶ CALLING ──answered──▶ the engine's last bytes (1 s at most) ──▶ OVER
///    │                 │ failed, gateway left, engine gone: call cancelled               ▲
///    └─────────────────┴─────────────────────────────────────────────────────────────────┘
/// ```
final class Relay implements ResponseListener, AnswerReader.Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final long LAST_BYTES_SECONDS = 1;

  private final Site site;
  private final LinkRequest request;
  private final Reply reply;
  private final RequestMeter meter;
  private final Consumer<Relay> whenOver;
  private @Nullable ByteBuf body;
  private @Nullable Permit permit;
  private @Nullable UpstreamCall call;
  private @Nullable AnswerReader reader;
  private @Nullable Future<?> lastBytes;
  private boolean answered;
  private boolean paused;
  private boolean over;

  /// Takes a reference of its own to `body`. `whenOver` runs once, in the end.
  Relay(Site site, LinkRequest request, ByteBuf body, Reply reply, Consumer<Relay> whenOver) {
    this.site = site;
    this.request = request;
    this.body = body.retain();
    this.reply = reply;
    this.meter = new RequestMeter(site.metrics(), site.clock());
    this.whenOver = whenOver;
  }

  /// Its place is taken: begins, or waits for `begin`.
  void admitted(Permit place) {
    permit = place;
    reply.onClientGone(this::gatewayGone);
    if (!over && place.runs()) {
      begin();
    }
  }

  /// A slot of the engine is free for it.
  void begin() {
    ByteBuf toSend = body;
    body = null;
    if (toSend == null) {
      return;
    }
    meter.started();
    reply.onWritable(this::gatewayReads);
    boolean whole = request.kind().whole();
    try {
      call =
          site.client()
              .send(
                  site.loop(),
                  site.engine()
                      .post(
                          request.kind(),
                          whole ? "application/json" : "text/event-stream",
                          toSend,
                          timeouts()),
                  this);
    } catch (RuntimeException e) {
      LOG.error("request not sent replica={}", site.options().replica(), e);
      failed(ApiError.internal("The agent failed. Its log says why."), false);
    } finally {
      toSend.release();
    }
  }

  /// Called at every heartbeat.
  void beat() {
    if (!answered && reply.writable()) {
      reply.beat();
    }
  }

  /// The engine, or the agent, is no more.
  void engineGone(String why) {
    cancelCall();
    if (answered) {
      settle();
    } else {
      breakOff(ApiError.badGateway("The engine stopped."), why);
    }
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    if (status != 200) {
      reader = new ErrorAnswer(request, status, this);
    } else if (request.kind().whole()) {
      reader = new VectorAnswer(request, site.options().relay().maxAnswerBytes(), reply, this);
    } else {
      AnswerIdentity identity =
          AnswerIdentity.create(request.kind(), request.model(), site.random(), site.clock());
      int maxEventBytes = site.options().relay().maxEventBytes();
      reader = new StreamAnswer(identity, request.form(), maxEventBytes, reply, this);
    }
  }

  @Override
  public void data(ByteBuf part) {
    if (answered || reader == null) {
      return;
    }
    reader.data(part);
    if (!answered && !paused && !reply.writable() && call != null) {
      paused = true;
      call.pause();
    }
  }

  @Override
  public void end() {
    call = null;
    if (!answered && reader != null) {
      reader.end();
    }
    settle();
  }

  @Override
  public void failed(UpstreamFailure failure) {
    call = null;
    if (answered) {
      settle();
      return;
    }
    switch (failure.cause()) {
      case HEAD_TIMEOUT, IDLE_TIMEOUT -> {
        ApiError error = ApiError.gatewayTimeout("The engine did not answer in time.");
        if (reply.started() && reader != null) {
          breakOff(error, failure.detail());
        } else {
          failed(error, false);
        }
      }
      case UNKNOWN_HOST,
          CONNECT_REFUSED,
          CONNECT_TIMEOUT,
          UNTRUSTED,
          CLOSED,
          TRUNCATED,
          MALFORMED,
          SHUT_DOWN ->
          breakOff(
              ApiError.badGateway(
                  "The engine broke off. What you have of the answer is not complete; try again."),
              failure.detail());
      // The reader is what threw: it must not be asked again.
      case INTERNAL -> failed(ApiError.internal("The agent failed. Its log says why."), false);
    }
  }

  @Override
  public void promptRead() {
    if (permit != null) {
      permit.promptRead();
    }
  }

  @Override
  public void generated(long tokens) {
    meter.generated(tokens);
  }

  @Override
  public void finished(Optional<Usage> usage, String finishReason) {
    answered = true;
    meter.finished(usage, finishReason);
    if (call != null) {
      lastBytes =
          site.loop()
              .schedule(
                  () -> {
                    cancelCall();
                    settle();
                  },
                  LAST_BYTES_SECONDS,
                  TimeUnit.SECONDS);
      if (paused) {
        call.resume();
      }
    }
    settle();
  }

  @Override
  public void failed(ApiError error, boolean engineBroke) {
    if (answered) {
      return;
    }
    answered = true;
    cancelCall();
    meter.brokenOff();
    if (reply.started()) {
      reply.abort();
    } else if (engineBroke) {
      reply.refuse(Refusal.ENGINE_FAILED, error);
    } else {
      reply.error(error);
    }
    if (error.status() >= 500) {
      LOG.warn(
          "request failed replica={} kind={} status={} engineBroke={}",
          site.options().replica(),
          request.kind(),
          error.status(),
          engineBroke);
    }
    settle();
  }

  private void breakOff(ApiError error, String why) {
    LOG.warn("engine broke off replica={} why={}", site.options().replica(), why);
    AnswerReader reading = reader;
    if (reading == null) {
      failed(error, true);
    } else {
      reading.fail(error);
    }
    settle();
  }

  private void gatewayReads() {
    if (paused) {
      paused = false;
      if (call != null) {
        call.resume();
      }
    }
  }

  private void gatewayGone() {
    if (!answered) {
      answered = true;
      meter.brokenOff();
    }
    cancelCall();
    settle();
  }

  private void cancelCall() {
    UpstreamCall running = call;
    call = null;
    if (running != null) {
      running.cancel();
    }
  }

  private void settle() {
    if (over || !answered || call != null) {
      return;
    }
    over = true;
    if (lastBytes != null) {
      lastBytes.cancel(false);
    }
    if (reader != null) {
      reader.release();
    }
    ByteBuf unsent = body;
    body = null;
    if (unsent != null) {
      unsent.release();
    }
    whenOver.accept(this);
    if (permit != null) {
      permit.giveBack();
    }
  }

  private UpstreamTimeouts timeouts() {
    RelayLimits limits = site.options().relay();
    return new UpstreamTimeouts(limits.connect(), limits.head(), limits.silence());
  }
}
