package dev.fairlead.app.local;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes the control loop: any number of calls while it works make one more round. Any thread may
/// raise it; one thread waits.
final class Signal {
  private final Semaphore raised = new Semaphore(0);

  void raise() {
    raised.release();
  }

  /// Returns when it has been raised since the last wait, or after `longest`.
  void await(Duration longest) throws InterruptedException {
    if (raised.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      raised.drainPermits();
    }
  }
}
