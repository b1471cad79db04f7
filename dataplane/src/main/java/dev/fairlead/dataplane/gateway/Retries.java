package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.RetryBudget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What one gateway may still do twice: how many requests it may place again after a failure, and
/// how many bytes it may keep for that. Safe for every thread.
final class Retries {
  private final InstantSource clock;
  private final long replayBytes;
  private final AtomicReference<RetryBudget> budget;
  private final AtomicLong kept = new AtomicLong();

  Retries(Resilience resilience, InstantSource clock) {
    this.clock = clock;
    this.replayBytes = resilience.replayBytes();
    this.budget = new AtomicReference<>(RetryBudget.full(resilience.retries(), clock.instant()));
  }

  /// One more request goes to a replica, for the first time.
  void requested() {
    budget.updateAndGet(RetryBudget::requested);
  }

  /// Whether one more request may be placed again.
  boolean take() {
    Instant now = clock.instant();
    while (true) {
      RetryBudget before = budget.get();
      RetryBudget.Draw draw = before.retry(now);
      if (budget.compareAndSet(before, draw.left())) {
        return draw.granted();
      }
    }
  }

  /// Whether a body of so many bytes may be kept; then `forget` them.
  boolean keep(int bytes) {
    if (kept.addAndGet(bytes) <= replayBytes) {
      return true;
    }
    kept.addAndGet(-bytes);
    return false;
  }

  void forget(int bytes) {
    kept.addAndGet(-bytes);
  }

  /// How many bytes are kept at present.
  long keptBytes() {
    return kept.get();
  }
}
