package dev.fairlead.dataplane.telemetry;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.dataplane.gateway.DoorRecord;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.TraceParent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Records of requests that have ended.
final class Settled {
  static final Instant ARRIVED = Instant.parse("2026-11-24T08:00:00Z");

  private Settled() {}

  static RequestRecord stream(String id) {
    return stream(id, Optional.empty());
  }

  /// 4 s in the queue, 3 s of them in a cold start; 1 s prefill; 2 s decode.
  static RequestRecord stream(String id, Optional<TraceParent> trace) {
    return new RequestRecord(
        id,
        ARRIVED,
        new Caller(Tenant.DEFAULT, "ci"),
        "",
        "chat",
        "chat",
        true,
        "success",
        new RequestRecord.Path("chat-1", "chat-1-abc", 2, true, 1),
        new RequestRecord.Times(
            Duration.ofMillis(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Optional.of(Duration.ofSeconds(1)),
            Duration.ofSeconds(7)),
        new RequestRecord.Tokens(5_812, 12, 412, false),
        new RequestRecord.Ending(200, "", "length"),
        trace);
  }

  /// A model that is not known.
  static RequestRecord refused(String id) {
    return new RequestRecord(
        id,
        ARRIVED,
        Caller.ANONYMOUS,
        "",
        "",
        "embedding",
        false,
        "refused",
        new RequestRecord.Path("", "", 0, false, 0),
        new RequestRecord.Times(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(1),
            Optional.empty(),
            Duration.ofMillis(1)),
        new RequestRecord.Tokens(0, 0, 0, false),
        new RequestRecord.Ending(404, "model_not_found", ""),
        Optional.empty());
  }

  /// Without a valid key.
  static DoorRecord atTheDoor(String id, Optional<TraceParent> trace) {
    return new DoorRecord(
        id,
        ARRIVED,
        Duration.ofMillis(2),
        new DoorRecord.Sender("", "", "10.0.0.7"),
        new DoorRecord.Asked("POST", "/v1/chat/completions"),
        401,
        "invalid_api_key",
        trace);
  }

  /// A whole answer that failed in the engine.
  static RequestRecord failed(String id) {
    return new RequestRecord(
        id,
        ARRIVED,
        Caller.ANONYMOUS,
        "",
        "chat",
        "completion",
        false,
        "failed",
        new RequestRecord.Path("chat-1", "chat-1-abc", 0, false, 0),
        new RequestRecord.Times(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(1),
            Optional.empty(),
            Duration.ofMillis(5)),
        new RequestRecord.Tokens(0, 0, 0, false),
        new RequestRecord.Ending(502, "", ""),
        Optional.empty());
  }
}
