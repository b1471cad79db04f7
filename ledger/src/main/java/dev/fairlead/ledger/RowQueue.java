package dev.fairlead.ledger;

import dev.fairlead.core.usage.UsageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The bounded way of rows to the one thread that writes them. `offer` and `hurry` may be called
/// from any thread and never block; `next` and `done` are the writer's. A row keeps its place until
/// it is done, so that rows which wait for a lost database count.
final class RowQueue {
  private final int capacity;
  private final int batch;
  private final Queue<UsageRow> rows = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Semaphore arrivals = new Semaphore(0);
  private final Semaphore urgent = new Semaphore(0);
  private volatile boolean hurried;

  RowQueue(int capacity, int batch) {
    if (capacity <= 0 || batch <= 0) {
      throw new IllegalArgumentException(
          "not positive: capacity %d, batch %d".formatted(capacity, batch));
    }
    this.capacity = capacity;
    this.batch = batch;
  }

  /// Whether there was room.
  boolean offer(UsageRow row) {
    int now = waiting.incrementAndGet();
    if (now > capacity) {
      waiting.decrementAndGet();
      return false;
    }
    rows.add(row);
    if (now == 1) {
      arrivals.release();
    }
    if (now == batch) {
      urgent.release();
    }
    return true;
  }

  /// The writer is to take what there is at once.
  void hurry() {
    hurried = true;
    urgent.release();
    arrivals.release();
  }

  /// Waits up to `idle` for a row, then up to `linger` for more of them, and takes a batch: empty
  /// when there was none. Each call is followed by `done`.
  List<UsageRow> next(Duration idle, Duration linger) throws InterruptedException {
    if (!arrivals.tryAcquire(idle.toNanos(), TimeUnit.NANOSECONDS)) {
      return List.of();
    }
    urgent.drainPermits();
    if (waiting.get() < batch && !hurried) {
      var _ = urgent.tryAcquire(linger.toNanos(), TimeUnit.NANOSECONDS);
    }
    hurried = false;
    List<UsageRow> taken = new ArrayList<>();
    for (UsageRow row = rows.poll(); row != null; row = rows.poll()) {
      taken.add(row);
      if (taken.size() == batch) {
        break;
      }
    }
    return taken;
  }

  /// So many of the rows that `next` gave need no place any more.
  void done(int count) {
    if (waiting.addAndGet(-count) > 0) {
      arrivals.release();
    }
  }

  /// Those that were offered and are not done.
  int waiting() {
    return waiting.get();
  }
}
