package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Endpoint;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.link.Refusal;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpServer;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.Sse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An agent whose every answer the test gives by hand. Its state is what the test said last.
final class ScriptedAgent implements AutoCloseable {
  private final String replica;
  private final String version;
  private final HttpServer server;
  private final List<ServerExchange> watchers = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final AtomicLong sequence = new AtomicLong();
  private volatile AgentState state;

  ScriptedAgent(EventLoops loops, String replica, String version) {
    this.replica = replica;
    this.version = version;
    this.state = new AgentState(replica, "boot", 0, false, false, 4, 0, 0, 0);
    this.server = HttpServer.start(ServerOptions.of("127.0.0.1", 0), loops, this::accept);
  }

  Endpoint endpoint() {
    return new Endpoint(replica, version, "127.0.0.1", server.address().getPort());
  }

  /// Tells every gateway; `slots` 0 is not ready.
  void ready(int slots) {
    AgentState now =
        new AgentState(
            replica, "boot", sequence.incrementAndGet(), slots > 0, false, slots, 0, 0, 0);
    state = now;
    watchers.forEach(watcher -> watcher.loop().execute(() -> tell(watcher, now)));
  }

  Call next() throws InterruptedException {
    Call call = calls.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no request reached " + replica);
    }
    return call;
  }

  int unread() {
    return calls.size();
  }

  @Override
  public void close() {
    server.close();
  }

  private static void tell(ServerExchange watcher, AgentState state) {
    watcher.write(Unpooled.copiedBuffer(state.toJson() + "\n", StandardCharsets.UTF_8));
  }

  private BodyReceiver accept(ServerExchange exchange) {
    if (exchange.path().equals("/fairlead/v1/state")) {
      exchange.start(200, new DefaultHttpHeaders());
      watchers.add(exchange);
      tell(exchange, state);
      return BodyReceiver.ignore();
    }
    Call call = new Call(exchange);
    return BodyReceiver.whole(
        exchange,
        1 << 20,
        body -> {
          call.body = body.toString(StandardCharsets.UTF_8);
          calls.add(call);
        });
  }

  /// One request. For the test's thread.
  static final class Call {
    private final ServerExchange exchange;
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile String body = "";

    Call(ServerExchange exchange) {
      this.exchange = exchange;
      exchange.onClientGone(left::countDown);
    }

    String body() {
      return body;
    }

    String header(String name) {
      return String.valueOf(exchange.header(name));
    }

    /// Whether the gateway gives the request up within a second.
    boolean leftWithinASecond() throws InterruptedException {
      return left.await(1, TimeUnit.SECONDS);
    }

    void refuse(Refusal refusal) {
      answer(503, new DefaultHttpHeaders().set(LinkHeaders.REFUSAL, refusal.header()), "{}");
    }

    void json(int status, String json) {
      answer(
          status,
          new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json"),
          json);
    }

    /// A page such as a proxy gives that lost its upstream.
    void html(int status) {
      answer(
          status,
          new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "text/html"),
          "<html></html>");
    }

    void whole(String json, long prompt, long completion) {
      whole(json, prompt, completion, "stop");
    }

    void whole(String json, long prompt, long completion, String finishReason) {
      answer(
          200,
          new DefaultHttpHeaders()
              .set(LinkHeaders.FINISH, finishReason)
              .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
              .set(
                  LinkHeaders.TOKENS,
                  String.format(
                      Locale.ROOT, "prompt=%d, completion=%d, cached=0", prompt, completion)),
          json);
    }

    void start() {
      exchange.loop().execute(() -> exchange.start(200, Sse.headers()));
    }

    void event(String data) {
      exchange.loop().execute(() -> exchange.write(bytes("data: " + data + "\n\n")));
    }

    /// Sends this as it is.
    void raw(String text) {
      exchange.loop().execute(() -> exchange.write(bytes(text)));
    }

    void finish() {
      exchange.loop().execute(exchange::finish);
    }

    /// Ends without an end, as when the replica dies.
    void die() {
      exchange.loop().execute(exchange::abort);
    }

    private void answer(int status, HttpHeaders headers, String text) {
      exchange.loop().execute(() -> exchange.respond(status, headers, bytes(text)));
    }

    private static ByteBuf bytes(String text) {
      return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
  }
}
