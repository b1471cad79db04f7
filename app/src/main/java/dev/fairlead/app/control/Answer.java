package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.dataplane.net.Refusal;
import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;

/// What a route answers: made on any thread, sent on the exchange's loop.
sealed interface Answer {
  /// A whole body.
  record Body(int status, String contentType, String text) implements Answer {}

  /// No, and why.
  record Refused(Refusal refusal) implements Answer {}

  static Answer json(int status, JsonNode body) {
    return json(status, body.toString());
  }

  static Answer json(int status, String body) {
    return new Body(status, "application/json", body);
  }

  static Answer text(String text) {
    return new Body(200, "text/plain; charset=utf-8", text);
  }

  static Answer refused(int status, String code, String message) {
    return new Refused(new Refusal(status, code, message));
  }

  /// Sends it. On the exchange's loop.
  default void send(ServerExchange exchange) {
    switch (this) {
      case Body body ->
          exchange.respond(
              body.status(),
              new DefaultHttpHeaders()
                  .set(HttpHeaderNames.CONTENT_TYPE, body.contentType())
                  .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                  .set("x-content-type-options", "nosniff"),
              Unpooled.copiedBuffer(body.text(), UTF_8));
      case Refused refused -> exchange.refuse(refused.refusal());
    }
  }
}
