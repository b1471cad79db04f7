package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/// Small handlers for tests.
final class Handlers {
  private Handlers() {}

  static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  static HttpHeaders plain() {
    return new DefaultHttpHeaders().set("content-type", "text/plain");
  }

  /// Answers with method, target and body.
  static BodyReceiver echo(ServerExchange exchange) {
    return BodyReceiver.whole(
        exchange,
        1 << 20,
        body ->
            exchange.respond(
                200,
                plain(),
                text(exchange.method() + " " + exchange.target() + " " + body.toString(UTF_8))));
  }
}
