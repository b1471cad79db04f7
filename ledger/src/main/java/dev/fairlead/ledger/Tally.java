package dev.fairlead.ledger;

import dev.fairlead.core.usage.UsageLedger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts what becomes of rows, and lets readers wait until those before them are settled. Safe for
/// every thread; `taken` and `noRoom` never block.
final class Tally {
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong noRoom = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private long written;
  private long refused;

  void taken() {
    taken.incrementAndGet();
  }

  void noRoom() {
    noRoom.incrementAndGet();
  }

  void written(int rows) {
    settle(rows, 0);
  }

  /// The database will never have them.
  void refused(int rows) {
    settle(0, rows);
  }

  private void settle(int moreWritten, int moreRefused) {
    lock.lock();
    try {
      written += moreWritten;
      refused += moreRefused;
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  UsageLedger.State state() {
    lock.lock();
    try {
      long waiting = Math.max(0, taken.get() - written - refused);
      return new UsageLedger.State(written, refused + noRoom.get(), waiting);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until what is taken now is settled, up to `patience`.
  void await(Duration patience) throws InterruptedException {
    long goal = taken.get();
    long left = patience.toNanos();
    lock.lock();
    try {
      while (written + refused < goal && left > 0) {
        left = settled.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
