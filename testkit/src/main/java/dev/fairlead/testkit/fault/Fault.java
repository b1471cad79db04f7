package dev.fairlead.testkit.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// What goes wrong with an answer on its way back to the client, from its {@link Position} on.
public sealed interface Fault {
  /// Both connections are reset (RST).
  record Reset() implements Fault {}

  /// Nothing is read or written any more, and both connections stay open: the peer's machine is
  /// gone and nobody says so.
  record HalfOpen() implements Fault {}

  /// Everything is read and dropped, in both directions; before the head the request does not reach
  /// the upstream either.
  record BlackHole() implements Fault {}

  /// The rest comes so much later.
  record Delay(Duration time) implements Fault {
    public Delay {
      requireNonNull(time, "time is null");
    }
  }

  /// The connection ends early and cleanly (FIN).
  record Truncation() implements Fault {}

  /// Bytes that are no HTTP come instead of the rest, then the end.
  record Garbage() implements Fault {}

  /// The answer of a proxy that lost its upstream, with a page of HTML, comes instead of the rest,
  /// then the end.
  record ServerError(int status) implements Fault {
    public ServerError {
      if (status < 500 || status > 599) {
        throw new IllegalArgumentException("status is not a 5xx: " + status);
      }
    }
  }

  /// The rest comes at so many bytes a second.
  record Slow(int bytesPerSecond) implements Fault {
    public Slow {
      if (bytesPerSecond <= 0) {
        throw new IllegalArgumentException("bytesPerSecond is not positive: " + bytesPerSecond);
      }
    }
  }
}
