package dev.fairlead.core.admit;

import java.time.Duration;
import java.time.Instant;

/// How a sliding window is cut into buckets: the finer, the less of a limit is left idle (one part
/// in `buckets + 1`), and the more counts are kept.
///
/// @param length of the window; whole milliseconds
/// @param buckets that cover it exactly
public record WindowShape(Duration length, int buckets) {
  /// What "a minute" means to tenants: any 60 s, in steps of one.
  public static final WindowShape MINUTE = new WindowShape(Duration.ofSeconds(60), 60);

  public WindowShape {
    if (buckets <= 0) {
      throw new IllegalArgumentException("buckets is not positive: " + buckets);
    }
    long millis = length.toMillis();
    if (millis < buckets || millis % buckets != 0) {
      throw new IllegalArgumentException(
          "length is not cut into %d buckets of whole milliseconds: %s".formatted(buckets, length));
    }
  }

  /// The number of the bucket that a moment falls into, counted from 1970.
  public long bucketAt(Instant moment) {
    return Math.floorDiv(moment.toEpochMilli(), bucketMillis());
  }

  /// From `now` until the bucket does not count any more.
  Duration untilForgotten(long bucket, Instant now) {
    long at = (bucket + buckets + 1) * bucketMillis();
    return Duration.ofMillis(Math.max(0, at - now.toEpochMilli()));
  }

  private long bucketMillis() {
    return length.toMillis() / buckets;
  }
}
