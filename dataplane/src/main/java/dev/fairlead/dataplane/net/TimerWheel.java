package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time-outs of one event loop, of which every request sets a few and nearly none comes true:
/// setting and cancelling one is a link in a list, where the loop's own queue sorts (Varghese and
/// Lauck, 1987, scheme 6). A time-out comes up to 20 ms late, never early. Confined to its loop.
public final class TimerWheel {
  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
  private static final long TICK_NANOS = 20_000_000;
  private static final int BUCKETS = 512;
  private static final FastThreadLocal<@Nullable TimerWheel> WHEELS = new FastThreadLocal<>();

  private final EventLoop loop;
  private final Timer[] buckets = new Timer[BUCKETS];
  private final ArrayDeque<Timer> come = new ArrayDeque<>();
  private final Runnable turn = this::turn;
  private final long origin;
  private long tick;
  private int pending;
  private boolean turning;

  private TimerWheel(EventLoop loop) {
    this.loop = loop;
    this.origin = loop.ticker().nanoTime();
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new Timer(this, () -> {}, 0);
    }
  }

  /// The wheel of a loop, from its thread.
  public static TimerWheel of(EventLoop loop) {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("a time-out outside of its event loop");
    }
    TimerWheel wheel = WHEELS.get();
    if (wheel == null || !wheel.loop.equals(loop)) {
      wheel = new TimerWheel(loop);
      WHEELS.set(wheel);
    }
    return wheel;
  }

  /// Runs the action after `delay`.
  public Timer schedule(Runnable action, Duration delay) {
    requireNonNull(action, "action is null");
    long now = loop.ticker().nanoTime() - origin;
    if (pending == 0 && !turning) {
      tick = now / TICK_NANOS;
    }
    long due = Math.max((now + delay.toNanos() + TICK_NANOS - 1) / TICK_NANOS, tick + 1);
    var timer = new Timer(this, action, due);
    timer.linkBefore(buckets[(int) (due % BUCKETS)]);
    pending++;
    if (!turning) {
      turning = true;
      await(now);
    }
    return timer;
  }

  private void await(long now) {
    long nanos = Math.max(0, (tick + 1) * TICK_NANOS - now);
    var _ = loop.schedule(turn, nanos, TimeUnit.NANOSECONDS);
  }

  private void turn() {
    long now = loop.ticker().nanoTime() - origin;
    long until = now / TICK_NANOS;
    while (tick < until && pending > 0) {
      tick++;
      takeDue(buckets[(int) (tick % BUCKETS)]);
    }
    tick = Math.max(tick, until);
    for (Timer timer = come.poll(); timer != null; timer = come.poll()) {
      timer.run();
    }
    if (pending > 0) {
      await(now);
    } else {
      turning = false;
    }
  }

  private void takeDue(Timer head) {
    Timer timer = head.next;
    while (timer != head) {
      Timer following = timer.next;
      if (timer.due <= tick) {
        timer.unlink();
        come.add(timer);
      }
      timer = following;
    }
  }

  /// One time-out.
  public static final class Timer {
    private final TimerWheel wheel;
    private final Runnable action;
    private final long due;
    private Timer previous = this;
    private Timer next = this;
    private boolean lifted;

    private Timer(TimerWheel wheel, Runnable action, long due) {
      this.wheel = wheel;
      this.action = action;
      this.due = due;
    }

    private void linkBefore(Timer head) {
      next = head;
      previous = head.previous;
      previous.next = this;
      head.previous = this;
    }

    private void unlink() {
      if (next != this) {
        previous.next = next;
        next.previous = previous;
        next = this;
        previous = this;
        wheel.pending--;
      }
    }

    private void run() {
      if (!lifted) {
        try {
          action.run();
        } catch (RuntimeException e) {
          LOG.error("time-out failed", e);
        }
      }
    }

    /// Lifts it; does nothing once it has come.
    public void cancel() {
      lifted = true;
      unlink();
    }
  }
}
