package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// How long an upstream may take.
///
/// @param connect until the connection is there
/// @param head from the request sent, or from the last interim response (1xx), to the response's
///   head; while the request is being sent, without any of it being taken; absent for no limit
/// @param idle between two pieces of the response while it is not paused; absent for no limit
public record UpstreamTimeouts(Duration connect, Optional<Duration> head, Optional<Duration> idle) {
  public UpstreamTimeouts {
    Checks.positive(connect, "connect");
    requireNonNull(head, "head is null").ifPresent(time -> Checks.positive(time, "head"));
    requireNonNull(idle, "idle is null").ifPresent(time -> Checks.positive(time, "idle"));
  }

  /// Only a limit to connect.
  public static UpstreamTimeouts connectWithin(Duration connect) {
    return new UpstreamTimeouts(connect, Optional.empty(), Optional.empty());
  }

  /// The same with a limit to the response's head.
  public UpstreamTimeouts withHead(Duration other) {
    return new UpstreamTimeouts(connect, Optional.of(other), idle);
  }

  /// The same with a limit to silence.
  public UpstreamTimeouts withIdle(Duration other) {
    return new UpstreamTimeouts(connect, head, Optional.of(other));
  }
}
