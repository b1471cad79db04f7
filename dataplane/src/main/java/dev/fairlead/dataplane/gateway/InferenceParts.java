package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Route;
import dev.fairlead.dataplane.net.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/// What every request of a gateway works with.
record InferenceParts(
    GatewayOptions options,
    Topology topology,
    HttpClient client,
    GatewayMetrics metrics,
    InstantSource clock,
    RandomGenerator random,
    List<RequestSink> sinks,
    Runnable demandChanged,
    Admissions admissions) {

  String newRequestId() {
    return "req_%016x%08x".formatted(random.nextLong(), random.nextInt());
  }

  List<String> servedNames() {
    return topology.table().routes().stream().map(Route::servedName).toList();
  }
}
