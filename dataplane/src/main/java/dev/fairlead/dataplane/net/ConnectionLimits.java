package dev.fairlead.dataplane.net;

/// How many connections a server takes. A client that knows only its own address and holds all of a
/// server's connections is the cheapest attack there is.
///
/// @param total how many may be open; one more is answered 503 (over TLS nothing, for a handshake
///   is work) and closed
/// @param perAddress how many of them from one address; one more likewise
public record ConnectionLimits(int total, int perAddress) {
  public ConnectionLimits {
    Checks.positive(total, "total");
    Checks.positive(perAddress, "perAddress");
  }

  /// 10,000, of which 4,096 from one address.
  public static ConnectionLimits defaults() {
    return new ConnectionLimits(10_000, 4_096);
  }
}
