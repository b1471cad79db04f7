package dev.fairlead.lab.bench;

import java.util.List;
import java.util.Set;

/// One of those that are compared: where it listens, and the processes whose time counts.
/// Immutable.
record Contender(String name, int port, List<Long> pids) {
  /// The upstream itself, of which no time is counted.
  static final String DIRECT = "direct";

  /// The {@link GatewayProgram}.
  static final String GATEWAY = "gateway";

  /// The same, with the tenant's limits in a Redis.
  static final String GATEWAY_WITH_REDIS = "gateway with Redis";

  /// The whole `fairlead up`.
  static final String FAIRLEAD = "Fairlead";

  Contender {
    pids = List.copyOf(pids);
  }

  /// Whether its JVM has to compile before it is measured.
  boolean ours() {
    return Set.of(GATEWAY, GATEWAY_WITH_REDIS, FAIRLEAD).contains(name);
  }
}
