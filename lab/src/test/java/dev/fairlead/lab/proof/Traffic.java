package dev.fairlead.lab.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Clients that ask one question after the other, each on its own connection as long as it lasts;
/// and bursts and slow readers beside them. Every answer is judged. Safe for every thread.
final class Traffic {
  private static final int CLIENTS = 16;
  private static final int SLOW_TOKENS = 4_000;
  private static final Duration SLOW_PAUSE = Duration.ofMillis(50);

  private final int port;
  private final Tally tally;

  Traffic(int port, Tally tally) {
    this.port = port;
    this.tally = tally;
  }

  /// Asks until there is enough; then every connection is closed.
  void run(SplittableRandom random, BooleanSupplier enough) throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SplittableRandom own = random.split();
        clients.add(threads.submit(() -> client(own, () -> broken.get() || enough.getAsBoolean())));
      }
      for (Future<?> client : clients) {
        try {
          client.get();
        } catch (ExecutionException e) {
          broken.set(true);
          throw new IllegalStateException("a client broke", e.getCause());
        }
      }
    }
  }

  private void client(SplittableRandom random, BooleanSupplier enough) {
    Wire wire = null;
    try {
      while (!enough.getAsBoolean()) {
        Wire used = wire == null ? new Wire(port) : wire;
        wire = used;
        Observed seen = new Answering(Question.next(random)).on(used);
        tally.add(seen);
        if (seen.failure().isPresent() || !used.reusable()) {
          used.close();
          wire = null;
        }
      }
      close(wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(@Nullable Wire wire) throws IOException {
    if (wire != null) {
      wire.close();
    }
  }

  /// So many streams at once.
  void burst(int streams) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        all.add(threads.submit(() -> once(Question.numbered(20))));
      }
      for (Future<?> one : all) {
        try {
          one.get();
        } catch (ExecutionException e) {
          throw new IllegalStateException("a stream of a burst broke", e.getCause());
        }
      }
    }
  }

  private void once(Question question) {
    try (Wire wire = new Wire(port)) {
      tally.add(new Answering(question).on(wire));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A client that hardly reads at first, while its stream comes as fast as it can.
  void slowReader() throws IOException {
    try (Wire wire = Wire.slow(port, SLOW_PAUSE)) {
      tally.add(new Answering(Question.numbered(SLOW_TOKENS)).on(wire));
    }
  }
}
