package dev.fairlead.lab.proof;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// What a slow reader reads: a little at a time with pauses at first, and then what is left at
/// once.
final class SlowStream extends FilterInputStream {
  private static final int LITTLE = 1 << 10;
  private static final int PAUSES = 40;

  private final Duration pause;
  private int reads;

  SlowStream(InputStream in, Duration pause) {
    super(in);
    this.pause = pause;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (reads++ >= PAUSES) {
      return super.read(into, offset, length);
    }
    LockSupport.parkNanos(pause.toNanos());
    return super.read(into, offset, Math.min(LITTLE, length));
  }
}
