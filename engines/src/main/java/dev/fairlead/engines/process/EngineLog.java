package dev.fairlead.engines.process;

import java.util.Optional;

/// The output of one replica over its restarts: the current run and the one before it, which tells
/// why it is not running any more. Any thread.
public final class EngineLog {
  private final int maxLines;
  private final int maxBytes;
  private LogRing current;
  private Optional<LogRing> previous = Optional.empty();
  private boolean used;

  /// The bounds hold for each of the two runs.
  public EngineLog(int maxLines, int maxBytes) {
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
    current = new LogRing(maxLines, maxBytes);
  }

  /// The ring for a run that is about to start; the one before it becomes the previous one.
  public synchronized LogRing startRun() {
    if (used) {
      previous = Optional.of(current);
      current = new LogRing(maxLines, maxBytes);
    }
    used = true;
    return current;
  }

  public synchronized LogRing current() {
    return current;
  }

  public synchronized Optional<LogRing> previous() {
    return previous;
  }
}
