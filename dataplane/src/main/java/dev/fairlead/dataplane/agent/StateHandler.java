package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/// Serves the state stream: endless lines of JSON. Who does not read is cut, so that its lines do
/// not pile up here; it may connect again.
final class StateHandler implements Handler {
  private final StateFeed feed;

  StateHandler(StateFeed feed) {
    this.feed = requireNonNull(feed, "feed is null");
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/x-ndjson")
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    exchange.start(200, headers);
    StateFeed.Subscriber subscriber = line -> send(exchange, line);
    feed.subscribe(subscriber);
    exchange.onClientGone(() -> feed.unsubscribe(subscriber));
    return BodyReceiver.ignore();
  }

  private static boolean send(ServerExchange exchange, String line) {
    if (!exchange.writable()) {
      exchange.abort();
      return false;
    }
    exchange.write(ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, line + "\n"));
    return true;
  }
}
