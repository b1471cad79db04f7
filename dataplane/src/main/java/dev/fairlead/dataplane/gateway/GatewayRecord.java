package dev.fairlead.dataplane.gateway;

import java.time.Instant;
import java.util.Optional;

/// What is told of one request when it is over, whatever it was.
public sealed interface GatewayRecord permits RequestRecord, DoorRecord {
  String id();

  /// When it counts: of a request for an answer when its body was complete.
  Instant arrived();

  /// The span of the client that it belongs to, where the client named one.
  Optional<TraceParent> trace();
}
