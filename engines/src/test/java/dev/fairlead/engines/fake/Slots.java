package dev.fairlead.engines.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The slots of a fake engine, each with the prompt it has cached, and the counters of `/metrics`.
/// Any thread; a request over the number of slots waits its turn.
final class Slots {

  /// One sequence. Its holder alone changes it.
  static final class Slot {
    private final int id;
    private volatile boolean processing;
    private volatile List<String> cached = List.of();
    private final AtomicInteger decoded = new AtomicInteger();

    private Slot(int id) {
      this.id = id;
    }

    int id() {
      return id;
    }

    boolean processing() {
      return processing;
    }

    int decoded() {
      return decoded.get();
    }

    int promptTokens() {
      return cached.size();
    }

    void countToken() {
      decoded.incrementAndGet();
    }
  }

  /// A slot and how many tokens of the prompt it had cached.
  record Held(Slot slot, int cachedTokens) {}

  private final List<Slot> slots = new ArrayList<>();
  private final Semaphore free;
  private final AtomicInteger deferred = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  final AtomicInteger finished = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicLong promptTokens = new AtomicLong();
  final AtomicLong cachedPromptTokens = new AtomicLong();
  final AtomicLong generatedTokens = new AtomicLong();

  Slots(int count) {
    for (int i = 0; i < count; i++) {
      slots.add(new Slot(i));
    }
    free = new Semaphore(count, true);
  }

  Held take(List<String> prompt) throws InterruptedException {
    deferred.incrementAndGet();
    try {
      free.acquire();
    } finally {
      deferred.decrementAndGet();
    }
    synchronized (this) {
      Slot best = null;
      int most = -1;
      for (Slot slot : slots) {
        int common = slot.processing ? -1 : common(slot.cached, prompt);
        if (common > most) {
          best = slot;
          most = common;
        }
      }
      if (best == null) {
        throw new IllegalStateException("a permit without a free slot");
      }
      best.processing = true;
      best.decoded.set(0);
      best.cached = List.copyOf(prompt);
      mostRunning.accumulateAndGet(running(), Math::max);
      // llama.cpp always evaluates the last token again.
      return new Held(best, Math.min(most, Math.max(0, prompt.size() - 1)));
    }
  }

  synchronized void release(Slot slot) {
    slot.processing = false;
    free.release();
  }

  private static int common(List<String> one, List<String> other) {
    int length = 0;
    while (length < Math.min(one.size(), other.size())
        && one.get(length).equals(other.get(length))) {
      length++;
    }
    return length;
  }

  List<Slot> all() {
    return List.copyOf(slots);
  }

  int running() {
    return (int) slots.stream().filter(Slot::processing).count();
  }

  int deferred() {
    return deferred.get();
  }

  int mostRunning() {
    return mostRunning.get();
  }
}
