package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ServerExchange;

/// A handler that knows who asks; as {@link dev.fairlead.dataplane.net.Handler} otherwise.
@FunctionalInterface
public interface CallerHandler {
  BodyReceiver accept(ServerExchange exchange, Caller caller);
}
