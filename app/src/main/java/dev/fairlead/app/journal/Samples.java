package dev.fairlead.app.journal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Keeps the samples of the last ten minutes. Safe for every thread; a listener is called by the
/// thread that adds and must not block.
public final class Samples {
  private static final int KEPT = 600;

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private final CopyOnWriteArrayList<Consumer<Sample>> listeners = new CopyOnWriteArrayList<>();

  public synchronized void add(Sample sample) {
    samples.addLast(sample);
    if (samples.size() > KEPT) {
      samples.removeFirst();
    }
    listeners.forEach(listener -> listener.accept(sample));
  }

  /// The kept samples, oldest first.
  public synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  /// Calls `listener` with each later sample until the result is closed.
  public Listening listen(Consumer<Sample> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
