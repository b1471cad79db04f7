package dev.fairlead.lab.bench;

import static org.awaitility.Awaitility.await;

import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server of the benchmark as a process, from the moment it listens until it is closed. Confined
/// to one thread.
record ServerProcess(Process process, int port) implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

  /// @param output the file that what it prints goes to
  static ServerProcess start(List<String> command, int port, Path output) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    ServerProcess server = new ServerProcess(process, port);
    try {
      await("%s listens, see %s".formatted(command, output))
          .atMost(STARTS_WITHIN)
          .until(() -> Ports.isListening(port));
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
