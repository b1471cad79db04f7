package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.app.journal.Event;
import dev.fairlead.app.journal.Listening;
import dev.fairlead.app.journal.Sample;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ServerExchange;
import dev.fairlead.dataplane.net.Sse;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Follows an installation once for all who watch it, as server-sent events: on connecting the
/// latest samples and events and one overview, then each as it comes. Every message is encoded once
/// and shared by all. A watcher that does not read is cut off. Safe for every thread; `watch` is
/// for the exchange's loop.
public final class Watchers implements AutoCloseable {
  private static final int SAMPLES = 600;
  private static final int EVENTS = 200;
  private static final int MAX_WATCHERS = 256;
  private static final int MAX_UNREAD_BYTES = 1 << 20;
  private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(UTF_8);

  private final Installation installation;
  private final Background background;
  private final ScheduledExecutorService timer;
  private final Pace pace;
  private final NavigableMap<Instant, byte[]> samples = new TreeMap<>();
  private final NavigableMap<Long, byte[]> events = new TreeMap<>();
  private final Set<Watcher> watchers = new HashSet<>();
  private final List<Listening> listenings;
  private final Future<?> heartbeat;
  private boolean overviewScheduled;
  private boolean closed;

  /// How often something is said.
  ///
  /// @param overview the least time between two overviews
  /// @param heartbeat between two comments that only say that the stream lives
  public record Pace(Duration overview, Duration heartbeat) {
    public Pace {
      if (overview.isNegative() || !heartbeat.isPositive()) {
        throw new IllegalArgumentException("pace is not positive: " + overview + ", " + heartbeat);
      }
    }

    /// Two overviews a second. A heartbeat each 5 s, because the console takes a stream for dead
    /// that is silent for 10.
    public static Pace usual() {
      return new Pace(Duration.ofMillis(500), Duration.ofSeconds(5));
    }
  }

  /// @param executor for work that may take time, such as a virtual thread for each task
  /// @param timer for what happens later
  public Watchers(
      Installation installation, Executor executor, ScheduledExecutorService timer, Pace pace) {
    this.installation = installation;
    this.background = new Background(executor);
    this.timer = timer;
    this.pace = pace;
    // Listening begins before the history is read, so that nothing falls between the two.
    this.listenings =
        List.of(
            installation.samples().listen(this::sampled),
            installation.journal().listen(this::happened),
            installation.onChange(this::changed));
    installation.samples().samples().forEach(this::sampled);
    installation.journal().events().forEach(this::happened);
    long nanos = pace.heartbeat().toNanos();
    this.heartbeat =
        timer.scheduleAtFixedRate(() -> broadcast(HEARTBEAT), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /// Streams to a client until it leaves.
  BodyReceiver watch(ServerExchange exchange) {
    if (exchange.method().equals("HEAD")) {
      exchange.respond(200, Sse.headers(), Unpooled.EMPTY_BUFFER);
      return BodyReceiver.ignore();
    }
    background.run(exchange, installation::overview, overview -> begin(exchange, overview));
    return BodyReceiver.ignore();
  }

  private void begin(ServerExchange exchange, String overview) {
    if (exchange.finished()) {
      return;
    }
    synchronized (this) {
      if (closed) {
        Answer.refused(503, "shutting_down", "Fairlead is shutting down.").send(exchange);
        return;
      }
      if (watchers.size() >= MAX_WATCHERS) {
        Answer.refused(
                503,
                "too_many_watchers",
                "%d clients watch already: close some of them.".formatted(MAX_WATCHERS))
            .send(exchange);
        return;
      }
      exchange.start(200, Sse.headers());
      var history = new ArrayList<>(samples.values());
      history.addAll(events.values());
      history.add(sse("overview", overview));
      var _ = new Watcher(exchange, history);
    }
  }

  private synchronized void sampled(Sample sample) {
    byte[] message = sse("sample", Wire.sample(sample).toString());
    if (samples.putIfAbsent(sample.time(), message) == null) {
      trim(samples, SAMPLES);
      broadcast(message);
    }
  }

  private synchronized void happened(Event event) {
    byte[] message = sse("event", Wire.event(event).toString());
    if (events.putIfAbsent(event.sequence(), message) == null) {
      trim(events, EVENTS);
      broadcast(message);
    }
  }

  private synchronized void changed() {
    if (!overviewScheduled && !watchers.isEmpty()) {
      overviewScheduled = true;
      var _ = timer.schedule(this::sendOverview, pace.overview().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void sendOverview() {
    synchronized (this) {
      overviewScheduled = false;
    }
    broadcast(sse("overview", installation.overview()));
  }

  private synchronized void broadcast(byte[] message) {
    watchers.forEach(watcher -> watcher.outbox.send(message));
  }

  /// How many watch at present.
  public synchronized int count() {
    return watchers.size();
  }

  private static <K> void trim(NavigableMap<K, byte[]> kept, int size) {
    while (kept.size() > size) {
      kept.pollFirstEntry();
    }
  }

  /// Payloads are JSON without line breaks, so one line of data holds each.
  private static byte[] sse(String name, String json) {
    return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(UTF_8);
  }

  /// Ends every stream and stops listening: to be called before a server is asked to drain, which
  /// would wait for the streams.
  @Override
  public void close() {
    listenings.forEach(Listening::close);
    heartbeat.cancel(false);
    synchronized (this) {
      closed = true;
      watchers.forEach(watcher -> watcher.outbox.finish());
    }
  }

  /// One client.
  private final class Watcher {
    final Outbox outbox;

    Watcher(ServerExchange exchange, List<byte[]> history) {
      int bytes = history.stream().mapToInt(message -> message.length).sum();
      outbox = new Outbox(exchange, bytes + MAX_UNREAD_BYTES, this::left);
      watchers.add(this);
      history.forEach(outbox::send);
    }

    private void left() {
      synchronized (Watchers.this) {
        watchers.remove(this);
      }
    }
  }
}
