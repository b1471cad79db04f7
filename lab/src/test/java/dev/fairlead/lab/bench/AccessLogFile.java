package dev.fairlead.lab.bench;

import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.RequestSink;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Writes a line a request to a file, from a thread of its own, so that no loop waits for a disk.
final class AccessLogFile implements RequestSink, AutoCloseable {
  private static final int WAITING_AT_MOST = 8_192;
  private static final long LINGER_MILLIS = 200;

  private final BlockingQueue<RequestRecord> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
  private final Thread writer;
  private final PrintStream out;

  AccessLogFile(Path file) throws IOException {
    out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    writer = Thread.ofPlatform().daemon().name("access-log").start(this::write);
  }

  @Override
  public void settled(RequestRecord request) {
    var _ = waiting.offer(request);
  }

  private void write() {
    List<RequestRecord> batch = new ArrayList<>();
    try {
      while (true) {
        // Lines leave together: a wake-up for each would cost more than the line.
        Thread.sleep(LINGER_MILLIS);
        waiting.drainTo(batch);
        batch.forEach(out::println);
        out.flush();
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    writer.interrupt();
    out.close();
  }
}
