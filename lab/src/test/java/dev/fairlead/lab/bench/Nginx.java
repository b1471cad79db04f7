package dev.fairlead.lab.bench;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.fairlead.testkit.Ports;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// An nginx of the system with the configuration of this package, in front of the upstream.
final class Nginx implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(10);

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// The program; Debian keeps it where not everybody's PATH leads.
  static Optional<Path> installed() {
    String folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// What `nginx -v` says, such as `1.22.1`.
  static String version(Path program) throws IOException {
    Process asked = new ProcessBuilder(program.toString(), "-v").redirectErrorStream(true).start();
    try (InputStream out = asked.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.substring(text.lastIndexOf('/') + 1);
    }
  }

  static Nginx start(Path program, Cores cores, Path folder, int upstream) throws IOException {
    int port = Ports.free();
    Path file = Files.createDirectories(folder.resolve("nginx")).resolve("nginx.conf");
    Files.writeString(
        file,
        resource("nginx.conf")
            .replace("LISTEN_PORT", Integer.toString(port))
            .replace("UPSTREAM_PORT", Integer.toString(upstream)));
    List<String> command =
        List.of(program.toString(), "-p", folder.resolve("nginx") + "/", "-c", file.toString());
    Process process =
        new ProcessBuilder(cores.measured(command))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx").resolve("output").toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    await("nginx listens").atMost(STARTS_WITHIN).until(() -> Ports.isListening(port));
    return nginx;
  }

  int port() {
    return port;
  }

  /// Master and worker.
  List<Long> pids() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  static String resource(String name) {
    try (InputStream in = Nginx.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
