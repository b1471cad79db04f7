package dev.fairlead.core.admit;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// Where a tenant stands with its limits a minute, for the `x-ratelimit-*` headers; one without a
/// limit is empty.
public record Standing(Optional<Rate> requests, Optional<Rate> tokens) {
  public static final Standing UNLIMITED = new Standing(Optional.empty(), Optional.empty());

  /// One limit.
  ///
  /// @param remaining of it; 0 when more is used than it allows
  /// @param reset until all of it is there again, if nothing more is used
  public record Rate(long limit, long remaining, Duration reset) {
    public Rate {
      Objects.requireNonNull(reset, "reset is null");
      remaining = Math.clamp(remaining, 0, limit);
    }
  }

  public Standing {
    Objects.requireNonNull(requests, "requests is null");
    Objects.requireNonNull(tokens, "tokens is null");
  }
}
