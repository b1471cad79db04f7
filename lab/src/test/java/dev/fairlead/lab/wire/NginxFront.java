package dev.fairlead.lab.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.fairlead.testkit.Ports;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The system's nginx with a configuration of this package. Confined to one thread.
final class NginxFront implements AutoCloseable {
  private final Process process;
  private final int port;

  /// Puts it before the server at that port; its files are in `folder`.
  NginxFront(int upstream, Path folder) throws IOException {
    port = Ports.free();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(
        configuration,
        resource()
            .replace("LISTEN_PORT", Integer.toString(port))
            .replace("UPSTREAM_PORT", Integer.toString(upstream)));
    process =
        new ProcessBuilder(program().toString(), "-p", folder + "/", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    await("nginx listens").atMost(Duration.ofSeconds(10)).until(() -> Ports.isListening(port));
  }

  int port() {
    return port;
  }

  /// Debian keeps it where not everybody's PATH leads.
  private static Path program() {
    String folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "nginx"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no nginx: `make test-tools` installs it."));
  }

  private static String resource() throws IOException {
    try (InputStream in = NginxFront.class.getResourceAsStream("nginx.conf")) {
      return new String(requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        workers.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
