package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.link.AgentState;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Tells the state to everyone who listens, in the rhythm of {@link StateTiming}: a change at once
/// when the last message is long enough ago, else when it is; what is urgent at once; and something
/// at every heartbeat. Confined to the agent's loop.
final class StateFeed {
  /// Takes messages.
  interface Subscriber {
    /// Takes a line without its end; returns whether it is to get more.
    boolean take(String line);
  }

  private final EventExecutor loop;
  private final LongFunction<AgentState> state;
  private final StateTiming timing;
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private @Nullable Future<?> timer;
  private long sequence;
  private boolean pausing;
  private boolean dirty;
  private boolean closed;

  /// `state` makes the message of a sequence number.
  StateFeed(EventExecutor loop, LongFunction<AgentState> state, StateTiming timing) {
    this.loop = requireNonNull(loop, "loop is null");
    this.state = requireNonNull(state, "state is null");
    this.timing = requireNonNull(timing, "timing is null");
  }

  /// Begins with the heartbeats.
  void start() {
    schedule(this::broadcast, timing.heartbeat().toNanos());
  }

  /// Adds a subscriber, which gets the state at once.
  void subscribe(Subscriber subscriber) {
    if (!closed && subscriber.take(next())) {
      subscribers.add(subscriber);
    }
  }

  void unsubscribe(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /// The number of the last message.
  long sequence() {
    return sequence;
  }

  int subscribers() {
    return subscribers.size();
  }

  /// Something changed that may wait for the pace.
  void changed() {
    if (pausing) {
      dirty = true;
    } else {
      broadcast();
    }
  }

  /// Something changed that nobody may miss for a moment.
  void changedUrgently() {
    broadcast();
  }

  /// Tells nothing any more.
  void close() {
    closed = true;
    subscribers.clear();
    cancelTimer();
  }

  private void broadcast() {
    if (closed) {
      return;
    }
    dirty = false;
    pausing = true;
    schedule(this::pauseOver, timing.pace().toNanos());
    if (subscribers.isEmpty()) {
      return;
    }
    String line = next();
    for (Subscriber subscriber : List.copyOf(subscribers)) {
      if (!subscriber.take(line)) {
        subscribers.remove(subscriber);
      }
    }
  }

  private void pauseOver() {
    pausing = false;
    if (dirty) {
      broadcast();
    } else {
      schedule(this::broadcast, timing.heartbeat().minus(timing.pace()).toNanos());
    }
  }

  private String next() {
    sequence++;
    return state.apply(sequence).toJson();
  }

  private void schedule(Runnable task, long nanos) {
    cancelTimer();
    timer = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
