package dev.fairlead.core.admit;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// Counts what was used over any window of one length, and never too little: it sums the bucket of
/// this moment and as many whole ones before it as cover the window. Every window that ends now
/// lies within that sum, so a limit on the sum holds for each of them, whatever the pattern of
/// arrivals; a count of the last `length` at a fixed grid would let through twice the limit around
/// its borders. The price is that a use is forgotten up to one bucket late. These are the basic
/// windows of Zhu and Shasha, StatStream, VLDB 2002.
///
/// A clock that goes back counts as one that stands still. Not safe for threads: its owner guards
/// it.
public final class SlidingWindow {
  private final WindowShape shape;
  private final long[] counts;
  private long newest = Long.MIN_VALUE;
  private long sum;

  public SlidingWindow(WindowShape shape) {
    this.shape = shape;
    this.counts = new long[shape.buckets() + 1];
  }

  /// What counts now.
  public long used(Instant now) {
    advance(now);
    return sum;
  }

  public void add(long amount, Instant now) {
    advance(now);
    book(newest, amount);
  }

  /// Changes what was used at an earlier moment; nothing when it does not count any more. A count
  /// never falls below zero.
  public void correct(Instant then, long change, Instant now) {
    advance(now);
    long bucket = Math.min(shape.bucketAt(then), newest);
    if (bucket > newest - counts.length) {
      book(bucket, change);
    }
  }

  /// Changes what was used in a bucket, which may be one of the future; nothing when it does not
  /// count any more.
  void put(long bucket, long change) {
    advanceTo(bucket);
    if (bucket > newest - counts.length) {
      book(bucket, change);
    }
  }

  /// How long until `amount` fits under `limit` if nothing else is used; zero when it fits now,
  /// empty when it never does.
  public Optional<Duration> until(long amount, long limit, Instant now) {
    advance(now);
    if (amount > limit) {
      return Optional.empty();
    }
    long left = sum;
    if (left + amount <= limit) {
      return Optional.of(Duration.ZERO);
    }
    long bucket = newest - counts.length;
    while (left + amount > limit) {
      bucket++;
      left -= counts[place(bucket)];
    }
    return Optional.of(shape.untilForgotten(bucket, now));
  }

  /// How long until nothing counts any more, if nothing else is used.
  public Duration untilEmpty(Instant now) {
    advance(now);
    for (long bucket = newest; bucket > newest - counts.length; bucket--) {
      if (counts[place(bucket)] > 0) {
        return shape.untilForgotten(bucket, now);
      }
    }
    return Duration.ZERO;
  }

  private void book(long bucket, long change) {
    int place = place(bucket);
    long after = Math.max(0, counts[place] + change);
    sum += after - counts[place];
    counts[place] = after;
  }

  private void advance(Instant now) {
    advanceTo(shape.bucketAt(now));
  }

  private void advanceTo(long bucket) {
    if (bucket <= newest) {
      return;
    }
    if (newest == Long.MIN_VALUE || bucket - newest >= counts.length) {
      Arrays.fill(counts, 0);
      sum = 0;
    } else {
      for (long next = newest + 1; next <= bucket; next++) {
        sum -= counts[place(next)];
        counts[place(next)] = 0;
      }
    }
    newest = bucket;
  }

  private int place(long bucket) {
    return Math.floorMod(bucket, counts.length);
  }
}
