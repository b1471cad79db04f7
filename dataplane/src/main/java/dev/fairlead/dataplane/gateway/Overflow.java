package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.VersionRoute;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends one request elsewhere while the replicas of its model start or are full, where the model
/// names a version for that and the tenant allows it. The model's own version still counts the
/// request as its demand, so that its replicas come. Confined to the event loop of the request.
final class Overflow {
  private final InferenceParts parts;
  private final Tenant tenant;
  private @Nullable VersionStats missed;

  Overflow(InferenceParts parts, Tenant tenant) {
    this.parts = parts;
    this.tenant = tenant;
  }

  /// Where the request goes that would go to `own`. Asked again when it is placed again.
  VersionRoute choose(Route route, VersionRoute own) {
    boolean counted = missed != null;
    end();
    Optional<VersionRoute> elsewhere = route.overflow().filter(_ -> tenant.overflow());
    if (elsewhere.isEmpty()
        || hasRoom(own.version())
        || !hasRoom(elsewhere.orElseThrow().version())) {
      return own;
    }
    VersionStats demand = parts.topology().stats(own.version());
    missed = demand;
    demand.overflowed(1);
    if (!counted) {
      demand.arrived();
      parts.metrics().overflowed(route.servedName());
      parts.demandChanged().run();
    }
    return elsewhere.orElseThrow();
  }

  /// The request is over, or is placed anew.
  void end() {
    if (missed != null) {
      missed.overflowed(-1);
      missed = null;
    }
  }

  private boolean hasRoom(String version) {
    return parts.topology().queue(version).map(VersionQueue::hasRoom).orElse(false);
  }
}
