package dev.fairlead.app.tenant;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a keyring and its file together: takes up what other processes wrote each second, and
/// writes down the last uses each minute and at the end. Works on threads of its own, because the
/// disk may be slow. `start` and `close` are called once.
public final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final int SECONDS_BETWEEN_SAVES = 60;

  private final Keyring keyring;
  private final AtomicBoolean running = new AtomicBoolean();
  private int seconds;

  public Upkeep(Keyring keyring) {
    this.keyring = keyring;
  }

  /// Begins; it ends with `timer`.
  public void start(ScheduledExecutorService timer) {
    var _ =
        timer.scheduleAtFixedRate(
            () -> {
              if (running.compareAndSet(false, true)) {
                Thread.startVirtualThread(this::round);
              }
            },
            1,
            1,
            TimeUnit.SECONDS);
  }

  private void round() {
    try {
      keyring.refresh();
      if (++seconds % SECONDS_BETWEEN_SAVES == 0) {
        save();
      }
    } finally {
      running.set(false);
    }
  }

  private void save() {
    try {
      keyring.saveUses();
    } catch (RuntimeException e) {
      log.warn("last uses of keys not saved reason={}", e.getMessage());
    }
  }

  @Override
  public void close() {
    save();
  }
}
