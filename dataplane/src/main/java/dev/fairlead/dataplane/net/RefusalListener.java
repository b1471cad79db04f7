package dev.fairlead.dataplane.net;

/// Learns of requests that nobody has taken on and that are answered by a refusal: malformed ones,
/// those of a web page that may not use the server, those that no route serves. One whose handler
/// follows it ({@link ServerExchange#onClientGone}) is that handler's to tell of. Called on the
/// connection's event loop, which must not be blocked, before the answer is sent: the listener may
/// still put a header on it.
@FunctionalInterface
public interface RefusalListener {
  /// Nobody wants to know.
  RefusalListener NONE = (_, _) -> {};

  void refusing(ServerExchange exchange, Refusal refusal);
}
