package dev.fairlead.dataplane.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/// What a gateway has seen of one version: monotone counters, and the latest times to first token.
/// Safe for every thread; event loops write, the control loop and the console read.
public final class VersionStats {
  /// Enough for the quantiles of a minute at 8 requests a second, and small.
  private static final int KEPT = 512;

  private static final double NEWEST = 0.2;

  private final LongAdder arrivals = new LongAdder();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder generatedTokens = new LongAdder();
  private final LongAdder overflowing = new LongAdder();
  private final Object lock = new Object();
  private final long[] firstTokenMillis = new long[KEPT];
  private final Instant[] firstTokenAt = new Instant[KEPT];
  private long firstTokens;
  private double serviceMillis = 5_000;

  /// A moment of the counters.
  public record Totals(long arrivals, long promptTokens, long generatedTokens) {}

  void arrived() {
    arrivals.increment();
  }

  /// A request that would have come here went elsewhere (1), or is over (-1).
  void overflowed(int change) {
    overflowing.add(change);
  }

  /// How many requests are elsewhere for want of room here.
  int overflowing() {
    return overflowing.intValue();
  }

  void prompt(long tokens) {
    promptTokens.add(tokens);
  }

  void generated(long tokens) {
    generatedTokens.add(tokens);
  }

  void firstToken(Duration after, Instant now) {
    synchronized (lock) {
      int place = (int) (firstTokens++ % KEPT);
      firstTokenMillis[place] = after.toMillis();
      firstTokenAt[place] = now;
    }
  }

  /// A request has held a slot for so long: an exponential mean in which the newest counts a fifth.
  void served(Duration slotTime) {
    synchronized (lock) {
      serviceMillis += NEWEST * (slotTime.toMillis() - serviceMillis);
    }
  }

  Duration serviceTime() {
    synchronized (lock) {
      return Duration.ofMillis(Math.round(serviceMillis));
    }
  }

  public Totals totals() {
    return new Totals(arrivals.sum(), promptTokens.sum(), generatedTokens.sum());
  }

  /// The quantile of the times to first token since `from`, in milliseconds; empty when there was
  /// none. `share` is between 0 and 1.
  public OptionalLong firstTokenQuantile(double share, Instant from) {
    List<Long> values = new ArrayList<>();
    synchronized (lock) {
      for (int i = 0; i < Math.min(firstTokens, KEPT); i++) {
        if (!firstTokenAt[i].isBefore(from)) {
          values.add(firstTokenMillis[i]);
        }
      }
    }
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    values.sort(Long::compare);
    int rank = (int) Math.ceil(share * values.size()) - 1;
    return OptionalLong.of(values.get(Math.clamp(rank, 0, values.size() - 1)));
  }
}
