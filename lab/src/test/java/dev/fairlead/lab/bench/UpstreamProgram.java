package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ConnectionLimits;
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
import io.netty.util.concurrent.Future;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An engine that costs next to nothing, for Fairlead and its rivals alike: what it answers is
/// prepared, in the form of OpenAI's own; to a gateway it is an agent with the same answers. One
/// thread; runs until it is ended.
public final class UpstreamProgram {
  /// What the agent's replica is called.
  static final String REPLICA = "bench-replica";

  private static final int SLOTS = 100_000;
  private static final int CONNECTIONS = 20_000;
  private static final int MAX_BODY_BYTES = 64 << 20;

  private UpstreamProgram() {}

  /// Serves until it is ended.
  ///
  /// @param arguments the port; the engine's arguments that follow are not looked at
  public static void main(String[] arguments) throws InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    try (EventLoops loops = EventLoops.start(1, "upstream");
        HttpServer _ = HttpServer.start(options(port), loops, routes())) {
      System.out.println("listening on http://127.0.0.1:" + port);
      new CountDownLatch(1).await();
    }
  }

  /// With room for what every contender keeps open.
  private static ServerOptions options(int port) {
    return ServerOptions.of("127.0.0.1", port)
        .withConnections(new ConnectionLimits(CONNECTIONS, CONNECTIONS));
  }

  private static Handler routes() {
    return Router.builder()
        .route("GET", "/health", UpstreamProgram::healthy)
        .route("GET", "/fairlead/v1/state", UpstreamProgram::state)
        .route("POST", "/v1/completions", exchange -> ask(exchange, false))
        .route("POST", "/v1/chat/completions", exchange -> ask(exchange, true))
        .route("POST", "/v1/chat/completions/render", UpstreamProgram::render)
        .build();
  }

  private static BodyReceiver healthy(ServerExchange exchange) {
    exchange.respond(200, json(), bytes("{\"status\":\"ok\"}"));
    return BodyReceiver.ignore();
  }

  private static BodyReceiver state(ServerExchange exchange) {
    exchange.start(200, json());
    Future<?> beat =
        exchange
            .loop()
            .scheduleAtFixedRate(
                new State(exchange), 0, AgentState.HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    exchange.onClientGone(() -> beat.cancel(false));
    return BodyReceiver.ignore();
  }

  /// Says again and again that there is room.
  private static final class State implements Runnable {
    private final ServerExchange exchange;
    private long sequence;

    State(ServerExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void run() {
      var state = new AgentState(REPLICA, "boot", sequence++, true, false, SLOTS, 0, 0, 0);
      exchange.write(bytes(state.toJson() + "\n"));
    }
  }

  /// As vLLM tells a router which tokens a prompt has.
  private static BodyReceiver render(ServerExchange exchange) {
    return BodyReceiver.whole(
        exchange,
        MAX_BODY_BYTES,
        body -> exchange.respond(200, json(), PreparedAnswers.rendered(body.readableBytes())));
  }

  private static BodyReceiver ask(ServerExchange exchange, boolean chat) {
    return BodyReceiver.whole(exchange, MAX_BODY_BYTES, body -> answer(exchange, body, chat));
  }

  private static void answer(ServerExchange exchange, ByteBuf body, boolean chat) {
    Ask ask = Ask.read(body);
    String link = exchange.header(LinkHeaders.ANSWER);
    if (link != null) {
      agent(exchange, ask, link);
    } else if (chat && ask.stream()) {
      exchange.start(200, Sse.headers());
      new PreparedStream(exchange, ask, Ask.usageAsked(body)).begin();
    } else {
      exchange.respond(200, json(), chat ? PreparedAnswers.whole(ask.tokens()) : warmUp());
    }
  }

  /// As an agent answers: a stream always with its usage, a whole answer with it in a header.
  private static void agent(ServerExchange exchange, Ask ask, String link) {
    if (link.equals("events")) {
      exchange.start(200, Sse.headers());
      new PreparedStream(exchange, ask, true).begin();
    } else {
      HttpHeaders headers =
          json()
              .set(LinkHeaders.TOKENS, "prompt=8, completion=%d, cached=0".formatted(ask.tokens()));
      exchange.respond(200, headers, PreparedAnswers.whole(ask.tokens()));
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
