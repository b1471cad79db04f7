package dev.fairlead.app.journal;

import dev.fairlead.core.plan.Note;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the latest events and hands each to whoever listens. Safe for every thread; a listener is
/// called by the thread that notes, in order, and must not block.
public final class Journal {
  /// The log's name for events, so that a console can show them and nothing else.
  public static final String LOGGER = "fairlead.events";

  private static final Logger log = LoggerFactory.getLogger(LOGGER);
  private static final int KEPT = 500;

  private final InstantSource clock;
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private final CopyOnWriteArrayList<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private long next = 1;

  public Journal(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized void note(Note note) {
    Event event = new Event(next++, clock.instant(), note);
    events.addLast(event);
    if (events.size() > KEPT) {
      events.removeFirst();
    }
    switch (note.severity()) {
      case NORMAL -> log.info("{} {}: {}", note.reason(), note.object(), note.message());
      case WARNING -> log.warn("{} {}: {}", note.reason(), note.object(), note.message());
    }
    listeners.forEach(listener -> listener.accept(event));
  }

  /// The kept events, oldest first.
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /// Calls `listener` with each later event until the result is closed.
  public Listening listen(Consumer<Event> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
