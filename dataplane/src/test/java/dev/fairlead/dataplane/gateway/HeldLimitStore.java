package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Standing;
import dev.fairlead.core.admit.Verdict;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A store that answers when the test says so, in the test's thread, and keeps what was settled.
final class HeldLimitStore implements LimitStore {
  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  private final List<Long> settled = new CopyOnWriteArrayList<>();

  /// A request that waits for its verdict.
  record Held(Ask ask, Consumer<Verdict> answer) {}

  @Override
  public void reserve(Ask ask, Consumer<Verdict> answer) {
    held.add(new Held(ask, answer));
  }

  Held next() throws InterruptedException {
    Held next = held.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nobody asked");
    }
    return next;
  }

  Ask admit() throws InterruptedException {
    Held next = next();
    next.answer().accept(new Verdict.Admitted(settled::add, Standing.UNLIMITED));
    return next.ask();
  }

  List<Long> settled() {
    return settled;
  }

  @Override
  public void close() {}
}
