package dev.fairlead.core.admit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// What a tenant has used, by bucket and day, in the form in which a shared memory and the gateways
/// tell each other. Amounts may be negative: a correction. Not safe for threads: its owner guards
/// it.
public final class Tally {
  private final WindowShape shape;
  private final TreeMap<Long, Use> buckets = new TreeMap<>();
  private long day = Long.MIN_VALUE;
  private long dayTokens;

  /// What falls into one bucket.
  public record Use(long requests, long tokens) {
    static final Use NOTHING = new Use(0, 0);

    Use plus(Use more) {
      return new Use(requests + more.requests, tokens + more.tokens);
    }
  }

  public Tally(WindowShape shape) {
    this.shape = shape;
  }

  /// Counts a use at a moment, for its bucket and for its day; what is older than the window and
  /// the day of the newest is forgotten.
  public void add(Instant at, long requests, long tokens) {
    addBucket(shape.bucketAt(at), new Use(requests, tokens));
    addDay(DayBudget.number(at), tokens);
  }

  public void addBucket(long bucket, Use use) {
    buckets.merge(bucket, use, Use::plus);
    buckets.headMap(buckets.lastKey() - shape.buckets()).clear();
  }

  public void addDay(long number, long tokens) {
    if (number > day) {
      day = number;
      dayTokens = 0;
    }
    if (number == day) {
      dayTokens += tokens;
    }
  }

  public void addAll(Tally more) {
    more.buckets.forEach(this::addBucket);
    if (more.day != Long.MIN_VALUE) {
      addDay(more.day, more.dayTokens);
    }
  }

  public boolean isEmpty() {
    return buckets.isEmpty() && dayTokens == 0;
  }

  /// By the number of the bucket.
  public Map<Long, Use> buckets() {
    return buckets;
  }

  public Use at(long bucket) {
    return buckets.getOrDefault(bucket, Use.NOTHING);
  }

  /// The day that is counted, in days since 1970; far in the past when none is.
  public long day() {
    return day;
  }

  public long dayTokens() {
    return dayTokens;
  }

  /// Puts one of equal parts of every use into a window. Rounded so that the part of what any
  /// window that ends now has used is not too small, and the part of all of it by less than one too
  /// large.
  void fill(SlidingWindow window, ToLongFunction<Use> amount, int parts) {
    long sum = 0;
    for (Map.Entry<Long, Use> entry : buckets.descendingMap().entrySet()) {
      long after = sum + amount.applyAsLong(entry.getValue());
      window.put(entry.getKey(), partOf(after, parts) - partOf(sum, parts));
      sum = after;
    }
  }

  long dayTokens(Instant now, int parts) {
    return day == DayBudget.number(now) ? partOf(dayTokens, parts) : 0;
  }

  private static long partOf(long amount, int parts) {
    return Math.ceilDiv(amount, (long) parts);
  }
}
