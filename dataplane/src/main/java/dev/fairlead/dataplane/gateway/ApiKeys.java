package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The one authentication of a public listener, in front of every route, unknown ones included.
/// Immutable; safe for every thread.
public final class ApiKeys implements Handler {
  private final CallerKeys keys;
  private final Predicate<String> open;
  private final CallerHandler next;
  private final Door door;

  /// @param open tells the paths that need no key because they hold nothing, such as the console's
  ///   own files
  /// @param door tells of a request that ends here
  public ApiKeys(CallerKeys keys, Predicate<String> open, CallerHandler next, Door door) {
    this.keys = keys;
    this.open = open;
    this.next = next;
    this.door = door;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    String authorization = authorization(exchange);
    Optional<Caller> caller = keys.find(authorization);
    if (caller.isPresent()) {
      return next.accept(exchange, caller.orElseThrow());
    }
    if (open.test(exchange.path())) {
      return next.accept(exchange, Caller.ANONYMOUS);
    }
    door.refuse(
        exchange,
        keys.expired(authorization),
        authorization == null ? GatewayErrors.missingKey() : GatewayErrors.invalidKey());
    return BodyReceiver.ignore();
  }

  /// What a request shows for itself as an `Authorization` header: clients of Anthropic's API send
  /// their key in a header of its own.
  public static @Nullable String authorization(ServerExchange exchange) {
    String authorization = exchange.header("authorization");
    String key = exchange.header("x-api-key");
    return authorization == null && key != null ? "Bearer " + key : authorization;
  }
}
