package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.Router;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.Sse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CountDownLatch;

/// An engine that costs next to nothing, for Fairlead and its rivals alike: what it answers is
/// prepared, in llama.cpp's words. One thread; runs until it is ended.
public final class UpstreamProgram {
  private UpstreamProgram() {}

  /// Serves until it is ended.
  ///
  /// @param arguments the port; the engine's arguments that follow are not looked at
  public static void main(String[] arguments) throws InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    try (EventLoops loops = EventLoops.start(1, "upstream");
        HttpServer _ = HttpServer.start(ServerOptions.of("127.0.0.1", port), loops, routes())) {
      System.out.println("listening on http://127.0.0.1:" + port);
      new CountDownLatch(1).await();
    }
  }

  private static Handler routes() {
    return Router.builder()
        .route("GET", "/health", UpstreamProgram::healthy)
        .route("POST", "/v1/completions", exchange -> ask(exchange, false))
        .route("POST", "/v1/chat/completions", exchange -> ask(exchange, true))
        .build();
  }

  private static BodyReceiver healthy(ServerExchange exchange) {
    exchange.respond(200, json(), bytes("{\"status\":\"ok\"}"));
    return BodyReceiver.ignore();
  }

  private static BodyReceiver ask(ServerExchange exchange, boolean chat) {
    return BodyReceiver.whole(exchange, 64 << 20, body -> answer(exchange, body, chat));
  }

  private static void answer(ServerExchange exchange, ByteBuf body, boolean chat) {
    Ask ask = Ask.read(body);
    if (chat && ask.stream()) {
      exchange.start(200, Sse.headers());
      new PreparedStream(exchange, ask, Ask.usageAsked(body)).begin();
    } else {
      exchange.respond(200, json(), chat ? PreparedAnswers.whole(ask.tokens()) : warmUp());
    }
  }

  /// What the agent's first question is answered, which is a completion.
  private static ByteBuf warmUp() {
    return bytes("{\"choices\":[{\"text\":\" there\",\"index\":0,\"finish_reason\":\"stop\"}]}");
  }

  private static HttpHeaders json() {
    return new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(UTF_8));
  }
}
