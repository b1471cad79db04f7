package dev.fairlead.app.control;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Set;

/// Lets the console's page, which comes from another port, read the answers of this one (CORS,
/// WHATWG Fetch section 3.2). Pages of all other origins were refused before: see `DoorGuard`.
/// Immutable; safe for every thread.
final class CrossOrigin implements Handler {
  private final Set<String> origins;
  private final Handler next;

  CrossOrigin(Set<String> origins, Handler next) {
    this.origins = Set.copyOf(origins);
    this.next = next;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    String origin = exchange.header("origin");
    if (origin == null || !origins.contains(origin)) {
      return next.accept(exchange);
    }
    List<ServerExchange.Header> allowed =
        List.of(
            new ServerExchange.Header("access-control-allow-origin", origin),
            new ServerExchange.Header("vary", "origin"));
    if (exchange.method().equals("OPTIONS")) {
      HttpHeaders headers =
          new DefaultHttpHeaders()
              .set("access-control-allow-methods", "GET, POST, DELETE")
              .set("access-control-allow-headers", "authorization, content-type")
              .set("access-control-max-age", "600");
      new HeaderedExchange(exchange, allowed).respond(204, headers, Unpooled.EMPTY_BUFFER);
      return BodyReceiver.ignore();
    }
    return next.accept(new HeaderedExchange(exchange, allowed));
  }
}
