package dev.fairlead.artifacts.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Ends a response's body that has given nothing for `limit`, which the HTTP client never does by
/// itself. One thread reads; another one of its own watches until `close`.
final class StallGuard extends FilterInputStream {
  private final Duration limit;
  private final AtomicLong reads = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean stalled;

  StallGuard(InputStream body, Duration limit) {
    super(body);
    this.limit = limit;
    Thread.ofVirtual().name("download-stall-guard").start(this::watch);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int read = super.read(buffer, offset, length);
      reads.incrementAndGet();
      return read;
    } catch (IOException failure) {
      throw stalled ? new IOException("nothing came for " + limit.toMillis() + " ms") : failure;
    }
  }

  private void watch() {
    long before = -1;
    try {
      while (!closed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = reads.get();
        if (now == before) {
          stalled = true;
          in.close();
          return;
        }
        before = now;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException alreadyBroken) {
      stalled = true;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
