package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Tokens;
import java.util.function.Predicate;

/// The one authentication of a public listener, in front of every route, unknown ones included.
/// Immutable; safe for every thread.
public final class ApiKeys implements Handler {
  private final Tokens keys;
  private final Predicate<String> open;
  private final Handler next;

  /// @param open tells the paths that need no key because they hold nothing, such as the console's
  ///   own files
  public ApiKeys(Tokens keys, Predicate<String> open, Handler next) {
    this.keys = keys;
    this.open = open;
    this.next = next;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    if (keys.accepts(exchange.header("authorization")) || open.test(exchange.path())) {
      return next.accept(exchange);
    }
    Answers.error(exchange, "unauthenticated", GatewayErrors.missingKey());
    return BodyReceiver.ignore();
  }
}
