package dev.fairlead.dataplane.net;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A time-out that is set anew with every request or read and almost never fires. Moving it later
/// costs a comparison: the one task in the loop's queue finds out when it runs. Confined to its
/// loop.
final class Deadline {
  private final EventExecutor loop;
  private final Runnable action;
  private @Nullable ScheduledFuture<?> task;
  private long taskAt;
  private long at;
  private boolean armed;

  Deadline(EventExecutor loop, Runnable action) {
    this.loop = loop;
    this.action = action;
  }

  /// Runs the action after `delay`, instead of at the time set before.
  void set(Duration delay) {
    at = loop.ticker().nanoTime() + delay.toNanos();
    armed = true;
    if (task != null && at - taskAt < 0) {
      task.cancel(false);
      task = null;
    }
    if (task == null) {
      schedule(delay.toNanos());
    }
  }

  /// Lifts the time-out; `set` may follow.
  void clear() {
    armed = false;
  }

  /// Lifts the time-out for good and leaves nothing in the loop's queue.
  void stop() {
    armed = false;
    if (task != null) {
      task.cancel(false);
      task = null;
    }
  }

  private void schedule(long nanos) {
    taskAt = at;
    task = loop.schedule(this::fire, nanos, TimeUnit.NANOSECONDS);
  }

  private void fire() {
    task = null;
    if (!armed) {
      return;
    }
    long left = at - loop.ticker().nanoTime();
    if (left > 0) {
      schedule(left);
    } else {
      armed = false;
      action.run();
    }
  }
}
