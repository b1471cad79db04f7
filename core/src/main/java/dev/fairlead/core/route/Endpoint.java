package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

/// Where one replica's agent listens. `replica` is unique for ever (a pod UID, or a local id): a
/// request names it, so that an address that was handed to another replica is noticed.
public record Endpoint(String replica, String version, String host, int port) {
  public Endpoint {
    requireNonNull(replica, "replica is null");
    requireNonNull(version, "version is null");
    requireNonNull(host, "host is null");
    if (port <= 0 || port > 65_535) {
      throw new IllegalArgumentException("port is not a port: " + port);
    }
  }
}
