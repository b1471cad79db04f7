package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/// Puts a refusal into the JSON that clients of one listener understand. Called on event loops.
@FunctionalInterface
public interface ErrorRenderer {
  /// Returns the body, which is sent as `application/json`.
  String render(Refusal refusal);

  /// The whole answer to what never became an exchange, which ends the connection.
  default FullHttpResponse answer(Refusal refusal) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(refusal.status()),
            Unpooled.copiedBuffer(render(refusal), UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  /// Renders the error object of the OpenAI API, with all its four keys.
  static ErrorRenderer openAi() {
    return OpenAiErrors.INSTANCE;
  }
}
