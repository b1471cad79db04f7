package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Sse;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.ErrorForm;
import dev.fairlead.dataplane.openai.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/// Answers a gateway: every answer carries the request's `x-request-id`, and a refusal says whether
/// to go elsewhere. Confined to the agent's loop.
final class Reply {
  private static final String REQUEST_ID = "x-request-id";
  private static final String JSON = "application/json";
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final byte[] COMMENT = {':', '\n', '\n'};

  private final ServerExchange exchange;
  private boolean silent;

  Reply(ServerExchange exchange) {
    this.exchange = requireNonNull(exchange, "exchange is null");
  }

  /// Whether bytes of the answer are on their way, so that a status can no longer be chosen.
  boolean started() {
    return exchange.started();
  }

  boolean writable() {
    return exchange.writable();
  }

  void onWritable(Runnable action) {
    exchange.onWritable(action);
  }

  void onClientGone(Runnable action) {
    exchange.onClientGone(action);
  }

  /// Called at every heartbeat: says something to the gateway when nothing was said since the last
  /// one, so that it can tell an engine that thinks from a replica that is gone.
  void beat() {
    if (silent && exchange.started()) {
      exchange.write(Unpooled.wrappedBuffer(COMMENT));
    } else if (silent) {
      exchange.processing();
    }
    silent = true;
  }

  /// Sends events, and before the first ones the head of the answer. Takes over `events`.
  void events(ByteBuf events) {
    silent = false;
    if (!exchange.started()) {
      exchange.start(200, withRequestId(Sse.headers()));
    }
    exchange.write(events);
  }

  /// Ends a stream of events well.
  void finish() {
    exchange.finish();
  }

  /// Ends a stream of events so that it cannot be taken for complete.
  void abort() {
    exchange.abort();
  }

  /// Gives a whole answer. Takes over `json`.
  void whole(ByteBuf json, Optional<Usage> usage) {
    whole(json, usage, headers());
  }

  /// As `whole`, for an answer with a finish reason.
  void whole(ByteBuf json, Optional<Usage> usage, String finishReason) {
    whole(json, usage, headers().set(LinkHeaders.FINISH, LinkHeaders.encoded(finishReason)));
  }

  private void whole(ByteBuf json, Optional<Usage> usage, HttpHeaders headers) {
    usage.ifPresent(tokens -> headers.set(LinkHeaders.TOKENS, tokens(tokens)));
    exchange.respond(200, headers, json);
  }

  /// Sends the request back to its gateway, to be placed again.
  void refuse(Refusal refusal) {
    refuse(refusal, error(refusal));
  }

  /// As `refuse`, with the error for the client in case the gateway finds no other place.
  void refuse(Refusal refusal, ApiError error) {
    respond(error, headers().set(LinkHeaders.REFUSAL, refusal.header()));
  }

  /// Gives the client's answer: an error that another replica would give as well.
  void error(ApiError error) {
    respond(error, headers());
  }

  private void respond(ApiError error, HttpHeaders headers) {
    error.forEachHeader(headers::set);
    String text = ErrorForm.at(exchange.path()).json(error);
    ByteBuf json = ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, text);
    exchange.respond(error.status(), headers, json);
  }

  private HttpHeaders headers() {
    return withRequestId(new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, JSON));
  }

  private HttpHeaders withRequestId(HttpHeaders headers) {
    String id = exchange.header(REQUEST_ID);
    return id == null ? headers : headers.set(REQUEST_ID, id);
  }

  static String tokens(Usage usage) {
    return "prompt=%d, completion=%d, cached=%d"
        .formatted(usage.promptTokens(), usage.completionTokens(), usage.cachedTokens());
  }

  private static ApiError error(Refusal refusal) {
    return switch (refusal) {
      case BUSY -> ApiError.unavailable("Every slot of this replica is taken.", SOON);
      case DRAINING -> ApiError.unavailable("This replica is going away.", SOON);
      case NOT_READY -> ApiError.unavailable("The engine of this replica is not ready.", SOON);
      case MISDIRECTED -> ApiError.misdirected("Another replica listens at this address now.");
      case ENGINE_FAILED -> ApiError.badGateway("The engine failed before it answered.");
    };
  }
}
