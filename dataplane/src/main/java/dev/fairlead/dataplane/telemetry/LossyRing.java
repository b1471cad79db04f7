package dev.fairlead.dataplane.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Carries things from many threads to one without a lock, so that a giver never waits, not even
/// for a taker that the system has put aside: a full ring refuses. `offer` is for every thread,
/// `poll` for one at a time.
///
/// 1. A giver claims the next place by moving `tail` on, unless that is a whole ring before `head`.
/// 2. It fills the place. Until then the taker finds it empty, and comes back.
/// 3. The taker empties the place, and only then moves `head` on: a claimed place is always empty.
final class LossyRing<T> {
  private final AtomicReferenceArray<@Nullable T> places;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();
  private final int mask;

  /// @param capacity a power of two
  LossyRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
    }
    places = new AtomicReferenceArray<>(capacity);
    mask = capacity - 1;
  }

  /// Whether there was room. What a giver reads after it, it reads after the taker can find the
  /// thing: the places are volatile for whoever puts a taker to sleep.
  boolean offer(T thing) {
    long place;
    do {
      place = tail.get();
      if (place - head.get() > mask) {
        return false;
      }
    } while (!tail.compareAndSet(place, place + 1));
    places.set((int) place & mask, thing);
    return true;
  }

  /// The oldest thing, or null when there is none, or none that is complete.
  @Nullable T poll() {
    long place = head.get();
    int index = (int) place & mask;
    T thing = places.get(index);
    if (thing != null) {
      places.setPlain(index, null);
      head.setRelease(place + 1);
    }
    return thing;
  }
}
