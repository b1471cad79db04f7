package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

/// Why an upstream gave no complete response.
///
/// @param responded whether the response's head had been told to the listener
/// @param maybeProcessed whether the upstream may have worked on the request: false only when
///   surely no byte of it was sent
/// @param detail one line for the log
public record UpstreamFailure(
    Cause cause, boolean responded, boolean maybeProcessed, String detail) {
  public UpstreamFailure {
    requireNonNull(cause, "cause is null");
    requireNonNull(detail, "detail is null");
  }

  /// Whether the same request may be sent elsewhere without the client or an upstream noticing.
  public boolean beforeFirstByte() {
    return !responded;
  }

  /// What happened, as a metric label.
  public enum Cause {
    /// The host's name has no address.
    UNKNOWN_HOST,
    /// Nothing listens there, or no route leads there.
    CONNECT_REFUSED,
    /// The connection was not there in time.
    CONNECT_TIMEOUT,
    /// The server's certificate was not accepted, or it does not speak TLS.
    UNTRUSTED,
    /// The connection was closed or reset before the response's head.
    CLOSED,
    /// The connection was closed or reset within the response.
    TRUNCATED,
    /// The response's head was not there in time.
    HEAD_TIMEOUT,
    /// The response was silent for too long.
    IDLE_TIMEOUT,
    /// What came is not HTTP.
    MALFORMED,
    /// The client was closed.
    SHUT_DOWN,
    /// The listener threw; the log says what.
    INTERNAL
  }
}
