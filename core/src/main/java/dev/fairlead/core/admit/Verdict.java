package dev.fairlead.core.admit;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// The answer of a {@link LimitStore}.
public sealed interface Verdict {
  Standing standing();

  /// The request may go on.
  ///
  /// @param reservation to be settled, whatever becomes of the request
  record Admitted(Reservation reservation, Standing standing) implements Verdict {
    public Admitted {
      Objects.requireNonNull(reservation, "reservation is null");
      Objects.requireNonNull(standing, "standing is null");
    }
  }

  /// It may not, and holds nothing. A refused request does not count as one of a minute: who asks
  /// too often is not kept out for ever.
  ///
  /// @param limit the one that refuses it; of several the one that does so for longest
  /// @param retryAfter when the same request would pass if nobody else asked; empty where no time
  ///   can be told, because another request has to end first ({@link Limit#CONCURRENCY}), or
  ///   because it asks for more than the whole limit
  /// @param left of the limit now
  record Refused(Limit limit, Optional<Duration> retryAfter, long left, Standing standing)
      implements Verdict {
    public Refused {
      Objects.requireNonNull(limit, "limit is null");
      Objects.requireNonNull(retryAfter, "retryAfter is null");
      Objects.requireNonNull(standing, "standing is null");
      left = Math.max(0, left);
    }
  }
}
