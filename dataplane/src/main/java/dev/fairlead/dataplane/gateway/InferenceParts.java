package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.net.HttpClient;
import java.time.InstantSource;
import java.util.HexFormat;
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
    Retries retries,
    Admissions admissions) {

  String newRequestId() {
    HexFormat hex = HexFormat.of();
    return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextInt());
  }
}
