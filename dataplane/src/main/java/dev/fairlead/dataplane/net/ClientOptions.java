package dev.fairlead.dataplane.net;

import java.time.Duration;

/// How the client keeps its connections.
///
/// @param maxIdlePerAddress how many unused connections one loop keeps for one address; 0 for none
/// @param idle how long an unused connection is kept; less than the upstreams' own time-out
/// @param stale within which time after sending a request the close of a reused connection, without
///   any byte of a response, counts as the end of an idle one: the request is sent once more, on a
///   fresh connection
/// @param maxHeaderBytes how long a response's head may be
/// @param deadPeer within which time an upstream whose machine is gone is noticed
public record ClientOptions(
    int maxIdlePerAddress, Duration idle, Duration stale, int maxHeaderBytes, Duration deadPeer) {
  public ClientOptions {
    Checks.nonNegative(maxIdlePerAddress, "maxIdlePerAddress");
    Checks.positive(idle, "idle");
    Checks.positive(stale, "stale");
    Checks.positive(maxHeaderBytes, "maxHeaderBytes");
    Checks.positive(deadPeer, "deadPeer");
  }

  /// 1,024 unused connections a loop and address for 30 s, so that as many streams do not connect
  /// anew; 1 s of staleness, heads up to 64 KiB, 15 s for a dead peer.
  public static ClientOptions defaults() {
    return new ClientOptions(
        1_024, Duration.ofSeconds(30), Duration.ofSeconds(1), 64 << 10, Duration.ofSeconds(15));
  }
}
