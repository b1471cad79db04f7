package dev.fairlead.dataplane.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Keeps the records of the latest requests, so that `fairlead why` can tell what became of one.
/// Safe for every thread.
public final class RecentRequests {
  /// A few hundred bytes each: under 2 MB in all.
  private static final int KEPT = 4_096;

  private final ArrayDeque<RequestRecord> records = new ArrayDeque<>();
  private final InstantSource clock;

  public RecentRequests(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized void add(RequestRecord settled) {
    records.addLast(settled);
    if (records.size() > KEPT) {
      records.removeFirst();
    }
  }

  public synchronized Optional<RequestRecord> find(String id) {
    return records.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// The requests that arrived within `window` until now, the one that waited longest for its first
  /// event (or for its end, where none came) first.
  public synchronized List<RequestRecord> slowest(Duration window, int most) {
    Instant from = clock.instant().minus(window);
    return records.stream()
        .filter(one -> !one.arrived().isBefore(from))
        .sorted(Comparator.comparing(RecentRequests::untilFirstEvent).reversed())
        .limit(most)
        .toList();
  }

  private static Duration untilFirstEvent(RequestRecord one) {
    return one.times()
        .firstEvent()
        .map(first -> one.times().queue().plus(first))
        .orElse(one.times().total());
  }
}
