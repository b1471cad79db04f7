package dev.fairlead.ledger;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// How a ledger works.
///
/// @param capacity so many rows wait at most while the database is away or slow; further ones are
///   lost, and counted
/// @param linger a row waits so long for others to be written with; what is lost when the process
///   is killed are the rows of that time
/// @param retention older rows are removed; empty keeps them for ever
public record LedgerOptions(int capacity, Duration linger, Optional<Duration> retention) {
  /// 50,000 rows are about 25 MB.
  public static final LedgerOptions DEFAULT =
      new LedgerOptions(50_000, Duration.ofMillis(250), Optional.of(Duration.ofDays(400)));

  public LedgerOptions {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity is not positive: " + capacity);
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger is negative: " + linger);
    }
    Objects.requireNonNull(retention, "retention is null");
    if (retention.isPresent() && !retention.orElseThrow().isPositive()) {
      throw new IllegalArgumentException("retention is not positive: " + retention.orElseThrow());
    }
  }

  public LedgerOptions retention(Optional<Duration> other) {
    return new LedgerOptions(capacity, linger, other);
  }
}
