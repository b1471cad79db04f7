package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Tokens;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The one authentication of a public listener, in front of every route, unknown ones included.
/// Immutable; safe for every thread.
public final class ApiKeys implements Handler {
  private final Tokens keys;
  private final Predicate<String> open;
  private final Handler next;
  private final Supplier<String> requestIds;

  /// @param open tells the paths that need no key because they hold nothing, such as the console's
  ///   own files
  /// @param requestIds makes the id of a request that ends here
  public ApiKeys(Tokens keys, Predicate<String> open, Handler next, Supplier<String> requestIds) {
    this.keys = keys;
    this.open = open;
    this.next = next;
    this.requestIds = requestIds;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    if (keys.accepts(exchange.header("authorization")) || open.test(exchange.path())) {
      return next.accept(exchange);
    }
    Answers.error(exchange, requestIds.get(), GatewayErrors.missingKey());
    return BodyReceiver.ignore();
  }
}
