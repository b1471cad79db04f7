package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.net.NewHeaders;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.ErrorForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/// Writes the gateway's own answers. Every one carries the request's id.
final class Answers {
  static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  static final AsciiString SERVER_TIMING = AsciiString.cached("server-timing");

  private Answers() {}

  static HttpHeaders headers(String requestId) {
    return NewHeaders.empty().set(REQUEST_ID, requestId);
  }

  static void json(ServerExchange exchange, String requestId, String body) {
    exchange.respond(
        200,
        headers(requestId).set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON),
        ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, body));
  }

  /// Refuses a method, and names those that the path takes.
  static void wrongMethod(
      ServerExchange exchange, String requestId, ApiError error, String allowed) {
    error(exchange, headers(requestId).set(HttpHeaderNames.ALLOW, allowed), error);
  }

  /// The error as an event of a stream that has begun.
  static ByteBuf errorEvent(ServerExchange exchange, ApiError error) {
    return ByteBufUtil.writeUtf8(
        ByteBufAllocator.DEFAULT, ErrorForm.at(exchange.path()).event(error));
  }

  static void error(ServerExchange exchange, String requestId, ApiError error) {
    error(exchange, headers(requestId), error);
  }

  private static void error(ServerExchange exchange, HttpHeaders headers, ApiError error) {
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    error.forEachHeader(headers::set);
    exchange.respond(
        error.status(),
        headers,
        ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, ErrorForm.at(exchange.path()).json(error)));
  }
}
