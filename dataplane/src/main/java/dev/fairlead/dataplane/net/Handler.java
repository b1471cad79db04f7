package dev.fairlead.dataplane.net;

/// Answers requests. Called on the exchange's event loop once the request head is complete and
/// within the limits, before the body; it must not block. An exception that leaves `accept` or the
/// receiver becomes a 500, or an abort when the answer had begun.
@FunctionalInterface
public interface Handler {
  /// Takes an exchange and says where its body goes. The answer may be given here, in the receiver
  /// or later, on the exchange's loop.
  BodyReceiver accept(ServerExchange exchange);
}
