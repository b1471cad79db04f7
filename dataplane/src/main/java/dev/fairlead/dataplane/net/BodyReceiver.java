package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/// Takes a request's body as it arrives, on the exchange's event loop. `data` may come any number
/// of times; then exactly one of `end` and `cancelled` comes, also for a request without a body.
public interface BodyReceiver {
  /// Takes the next bytes. The chunk is borrowed: retain it to keep it.
  void data(ByteBuf chunk);

  /// Learns that the body is complete.
  void end();

  /// Learns that the body will not be completed: the client left, broke a limit or a time-out, or
  /// the exchange was answered before. What was kept is to be released.
  default void cancelled() {}

  /// For a handler that does not care what was sent.
  static BodyReceiver ignore() {
    return IgnoredBody.INSTANCE;
  }

  /// For a handler that needs the whole body at once: `then` gets it, borrowed, when it is
  /// complete. A body of more than `maxBytes` is refused with 413.
  static BodyReceiver whole(ServerExchange exchange, int maxBytes, Consumer<ByteBuf> then) {
    return new WholeBody(exchange, maxBytes, then);
  }
}
