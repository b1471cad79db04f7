package dev.fairlead.dataplane.telemetry;

import dev.fairlead.dataplane.gateway.DoorRecord;
import dev.fairlead.dataplane.gateway.GatewayRecord;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.RequestSink;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands records of requests from event loops to a thread of its own, in batches. However long that
/// takes, a loop never waits: what finds the ring full is dropped and counted. `settled` and
/// `refused` may be called by every thread, `close` once.
final class RecordWriter implements RequestSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordWriter.class);
  private static final int MOST_AT_ONCE = 256;

  /// While requests come the thread looks at the ring this often, which costs a loop nothing;
  /// waking it for each of them would be a system call of the loop's, and to tell each by itself
  /// one of the thread's.
  private static final Duration PAUSE = Duration.ofMillis(20);

  /// After so many empty looks in a row it sleeps until it is woken.
  private static final int LOOKS = 50;

  private final String name;
  private final LossyRing<GatewayRecord> ring;
  private final RecordConsumer consumer;
  private final CounterDataPoint dropped;
  private final AtomicLong untold = new AtomicLong();
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closing;
  private boolean failing;

  /// @param capacity of the ring, a power of two
  /// @param dropped counts what was not told
  RecordWriter(
      String name,
      int capacity,
      RecordConsumer consumer,
      CounterDataPoint dropped,
      ThreadFactory threads) {
    this.name = name;
    this.ring = new LossyRing<>(capacity);
    this.consumer = consumer;
    this.dropped = dropped;
    this.thread = threads.newThread(this::run);
    thread.start();
  }

  @Override
  public void settled(RequestRecord request) {
    take(request);
  }

  @Override
  public void refused(DoorRecord request) {
    take(request);
  }

  private void take(GatewayRecord request) {
    if (!ring.offer(request)) {
      drop(1);
    }
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  private void drop(long count) {
    dropped.inc(count);
    untold.addAndGet(count);
  }

  private void run() {
    List<GatewayRecord> batch = new ArrayList<>(MOST_AT_ONCE);
    int empty = 0;
    while (true) {
      boolean last = closing;
      take(batch);
      if (!batch.isEmpty()) {
        empty = 0;
        boolean all = batch.size() < MOST_AT_ONCE;
        tell(batch);
        batch.clear();
        if (all && !closing) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      } else if (last) {
        break;
      } else if (++empty < LOOKS) {
        LockSupport.parkNanos(PAUSE.toNanos());
      } else {
        empty = 0;
        sleep(batch);
      }
    }
    end();
  }

  private void take(List<GatewayRecord> batch) {
    while (batch.size() < MOST_AT_ONCE) {
      GatewayRecord next = ring.poll();
      if (next == null) {
        return;
      }
      batch.add(next);
    }
  }

  /// Says that it sleeps before it looks for the last time: a loop either sees that, or its record
  /// is seen here.
  private void sleep(List<GatewayRecord> batch) {
    asleep = true;
    take(batch);
    while (asleep && batch.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    asleep = false;
    if (!batch.isEmpty()) {
      tell(batch);
      batch.clear();
    }
  }

  private void tell(List<GatewayRecord> batch) {
    long missing = untold.getAndSet(0);
    try {
      consumer.tell(batch, missing);
      if (failing) {
        failing = false;
        log.warn("{} works again dropped={}", name, missing);
      }
    } catch (IOException | RuntimeException e) {
      untold.addAndGet(missing);
      drop(batch.size());
      if (!failing) {
        failing = true;
        log.warn("{} fails, requests are not told cause={}", name, e.toString());
      }
    }
  }

  private void end() {
    try {
      consumer.end();
    } catch (IOException | RuntimeException e) {
      log.warn("{} did not end well cause={}", name, e.toString());
    }
  }

  /// Tells what is left, for at most a second: a pipe that nobody reads must not keep the process.
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
