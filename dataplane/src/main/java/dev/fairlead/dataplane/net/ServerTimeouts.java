package dev.fairlead.dataplane.net;

import java.time.Duration;

/// How long a client may take. None of them limits how long an answer may last.
///
/// @param header from the first byte of a request to the end of its head; then 408
/// @param body from the end of the head to the end of the body; then 408
/// @param idle without a request on a connection; then it is closed
/// @param stall how long an answer may wait unread by its client; then the connection is cut
public record ServerTimeouts(Duration header, Duration body, Duration idle, Duration stall) {
  public ServerTimeouts {
    Checks.positive(header, "header");
    Checks.positive(body, "body");
    Checks.positive(idle, "idle");
    Checks.positive(stall, "stall");
  }

  /// 10 s for a head, 120 s for a body, 75 s idle, 60 s without reading.
  public static ServerTimeouts defaults() {
    return new ServerTimeouts(
        Duration.ofSeconds(10),
        Duration.ofSeconds(120),
        Duration.ofSeconds(75),
        Duration.ofSeconds(60));
  }
}
