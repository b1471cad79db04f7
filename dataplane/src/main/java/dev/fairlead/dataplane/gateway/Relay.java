package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.GatheredBytes;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.ResponseListener;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Sse;
import dev.fairlead.dataplane.net.UpstreamCall;
import dev.fairlead.dataplane.net.UpstreamFailure;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.EventBoundaries;
import dev.fairlead.dataplane.openai.RelayEvent;
import dev.fairlead.dataplane.openai.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One attempt at one replica: sends the request and passes the agent's answer on, byte for byte,
/// reading no more of it than where events end. A slow client stops the reading. Confined to the
/// event loop of the client.
final class Relay implements ResponseListener, EventBoundaries.Sink {
  private static final int MAX_EVENT_BYTES = 8 << 20;
  private static final int MAX_WHOLE_BYTES = 128 << 20;
  private static final List<AsciiString> RELAYED =
      List.of(
          HttpHeaderNames.CONTENT_TYPE,
          HttpHeaderNames.RETRY_AFTER,
          AsciiString.cached("x-should-retry"));

  /// The request that the attempt is for. Exactly one of `refused` and `finished` is called, last.
  interface Owner {
    /// Nothing of the answer was sent: the request can be placed again.
    void refused(Refusal why);

    /// The first event of a stream's answer, which is not an error.
    void firstEvent();

    /// So many more pieces of the answer, each about a token.
    void pieces(int count);

    void usage(Usage usage);

    /// Why the answer has come to its end.
    void finishReason(String reason);

    /// The client is told of an error now.
    void telling(ApiError error);

    /// For the `Server-Timing` of an answer that begins now.
    String serverTiming();

    void finished(Outcome outcome);
  }

  private enum Mode {
    AWAITING,
    REFUSED,
    EVENTS,
    WHOLE
  }

  private final Owner owner;
  private final ServerExchange exchange;
  private final String requestId;
  private final boolean usageAsked;
  private final GatheredBytes whole = new GatheredBytes();
  private @Nullable UpstreamCall call;
  private @Nullable EventBoundaries boundaries;
  private @Nullable HttpHeaders headers;
  private Refusal refusal = Refusal.ENGINE_FAILED;
  private Mode mode = Mode.AWAITING;
  private int status;
  private boolean relayed;
  private boolean begun;
  private boolean finishSeen;
  private boolean doneSeen;
  private boolean errorSeen;
  private boolean detached;
  private boolean over;

  Relay(Owner owner, ServerExchange exchange, String requestId, boolean usageAsked) {
    this.owner = owner;
    this.exchange = exchange;
    this.requestId = requestId;
    this.usageAsked = usageAsked;
  }

  void send(HttpClient client, UpstreamRequest request) {
    UpstreamCall sent = client.send(exchange.loop(), request, this);
    call = sent;
    exchange.onWritable(sent::resume);
  }

  /// The client left. After the finish reason its answer is complete, and only the usage is still
  /// to be read; before it the engine is stopped at once.
  void clientGone() {
    if (finishSeen) {
      detached = true;
      if (call != null) {
        call.resume();
      }
    } else {
      cancel();
      end(Outcome.CANCELLED);
    }
  }

  /// Ends the attempt without another word to its owner.
  void cancel() {
    if (call != null) {
      call.cancel();
    }
    over = true;
    free();
  }

  @Override
  public void head(int answered, HttpHeaders answerHeaders) {
    status = answered;
    headers = answerHeaders;
    String refused = answerHeaders.get(LinkHeaders.REFUSAL);
    String type = answerHeaders.get(HttpHeaderNames.CONTENT_TYPE, "");
    if (refused != null) {
      mode = Mode.REFUSED;
      refusal = Refusal.parse(refused).orElse(Refusal.BUSY);
    } else if (answered == 200 && type.startsWith("text/event-stream")) {
      mode = Mode.EVENTS;
      boundaries = new EventBoundaries(MAX_EVENT_BYTES, ByteBufAllocator.DEFAULT, this);
    } else if (!type.startsWith("application/json")) {
      // An agent does not answer like that: something on the way to it does.
      mode = Mode.REFUSED;
    } else {
      mode = Mode.WHOLE;
    }
  }

  @Override
  public void data(ByteBuf part) {
    if (mode == Mode.EVENTS && boundaries != null) {
      boundaries.accept(part);
      if (!detached && !exchange.writable() && call != null) {
        call.pause();
      }
    } else if (mode == Mode.WHOLE) {
      keep(part);
    }
  }

  private void keep(ByteBuf part) {
    if (whole.length() + part.readableBytes() > MAX_WHOLE_BYTES) {
      cancelCall();
      fail(ApiError.badGateway("The answer is larger than the gateway keeps."));
    } else {
      whole.add(part);
    }
  }

  @Override
  public void pieces(ByteBuf bytes, int count) {
    begun();
    owner.pieces(count);
    pass(bytes);
  }

  @Override
  public void event(RelayEvent event) {
    event.usage().ifPresent(owner::usage);
    switch (event.kind()) {
      case COMMENT -> event.bytes().release();
      case DATA -> pieces(event.bytes(), 1);
      case FRAME -> pass(event.bytes());
      case FINISH -> {
        begun();
        finishSeen = true;
        event.finishReason().ifPresent(owner::finishReason);
        pass(event.bytes());
      }
      case USAGE -> {
        if (usageAsked) {
          pass(event.bytes());
        } else {
          event.bytes().release();
        }
      }
      case ERROR -> {
        errorSeen = true;
        pass(event.bytes());
      }
      case DONE -> {
        finishSeen = true;
        doneSeen = true;
        pass(event.bytes());
      }
    }
  }

  @Override
  public void fail(ApiError error) {
    if (over) {
      return;
    }
    cancelCall();
    tell(error);
    end(Outcome.FAILED);
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    switch (mode) {
      case AWAITING -> refuse(Refusal.ENGINE_FAILED);
      case REFUSED -> refuse(refusal);
      case EVENTS -> endEvents();
      case WHOLE -> endWhole();
    }
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (over) {
      return;
    }
    if (mode == Mode.REFUSED) {
      refuse(refusal);
    } else if (relayed) {
      endEvents();
    } else {
      refuse(Refusal.ENGINE_FAILED);
    }
  }

  private void endEvents() {
    if (doneSeen || (detached && finishSeen)) {
      exchange.finish();
      end(Outcome.SUCCESS);
    } else if (errorSeen) {
      exchange.abort();
      end(Outcome.FAILED);
    } else if (relayed) {
      fail(GatewayErrors.replicaLost());
    } else {
      refuse(Refusal.ENGINE_FAILED);
    }
  }

  private void endWhole() {
    if (headers == null) {
      throw new IllegalStateException("a whole answer without a head");
    }
    owner.finishReason(LinkHeaders.decoded(headers.get(LinkHeaders.FINISH, "")));
    if (exchange.started()) {
      // The client has heard comments, so the status is gone: only an error can come this way.
      exchange.write(
          Sse.event(
              ByteBufAllocator.DEFAULT, "error", whole.bytes().toString(StandardCharsets.UTF_8)));
      exchange.abort();
    } else {
      HttpHeaders answer =
          Answers.headers(requestId).set(Answers.SERVER_TIMING, owner.serverTiming());
      for (AsciiString name : RELAYED) {
        String value = headers.get(name);
        if (value != null) {
          answer.set(name, value);
        }
      }
      TokensHeader.parse(headers.get(LinkHeaders.TOKENS)).ifPresent(owner::usage);
      exchange.respond(status, answer, whole.bytes().retain());
    }
    end(Outcome.ofStatus(status));
  }

  private void pass(ByteBuf bytes) {
    if (detached) {
      bytes.release();
      return;
    }
    relayed = true;
    if (!exchange.started()) {
      exchange.start(
          200,
          Sse.headers()
              .set(Answers.REQUEST_ID, requestId)
              .set(Answers.SERVER_TIMING, owner.serverTiming()));
    }
    exchange.write(bytes);
  }

  private void begun() {
    if (!begun) {
      begun = true;
      owner.firstEvent();
    }
  }

  /// Tells the client of a failure in the only form that is left.
  private void tell(ApiError error) {
    owner.telling(error);
    if (exchange.started()) {
      exchange.write(Answers.errorEvent(exchange, error));
      exchange.abort();
    } else {
      Answers.error(exchange, requestId, error);
    }
  }

  private void refuse(Refusal why) {
    over = true;
    free();
    owner.refused(why);
  }

  private void end(Outcome outcome) {
    over = true;
    free();
    owner.finished(outcome);
  }

  private void cancelCall() {
    if (call != null) {
      call.cancel();
    }
  }

  private void free() {
    if (boundaries != null) {
      boundaries.close();
      boundaries = null;
    }
    whole.release();
  }
}
