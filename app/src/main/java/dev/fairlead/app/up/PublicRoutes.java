package dev.fairlead.app.up;

import dev.fairlead.app.control.ConsoleApi;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.dataplane.gateway.CallerHandler;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Refusal;
import dev.fairlead.dataplane.net.ServerExchange;

/// Shares the public door out among the console and the gateway. What the console shows is the
/// whole installation, other tenants' models included: a tenant's key does not open it. Safe for
/// every thread.
final class PublicRoutes implements CallerHandler {
  private final ConsoleApi console;
  private final CallerHandler gateway;

  PublicRoutes(ConsoleApi console, CallerHandler gateway) {
    this.console = console;
    this.gateway = gateway;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange, Caller caller) {
    String path = exchange.path();
    if (!console.serves(path)) {
      return gateway.accept(exchange, caller);
    }
    if (console.tellsAll(path) && !caller.tenant().equals(Tenant.DEFAULT)) {
      exchange.refuse(
          new Refusal(
              403,
              "permission_denied",
              "The console needs the installation's own key, not that of a tenant."));
      return BodyReceiver.ignore();
    }
    return console.accept(exchange);
  }
}
