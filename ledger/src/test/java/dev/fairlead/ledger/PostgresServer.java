package dev.fairlead.ledger;

import static org.awaitility.Awaitility.await;

import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A PostgreSQL of the test class' own, made of the system's programs, on loopback and in a folder
/// that is gone afterwards. It refuses to run as root, so that there it runs as `nobody`. Used by
/// one thread.
final class PostgresServer implements BeforeAllCallback, AfterAllCallback {
  static final String USER = "fairlead";
  static final String PASSWORD = "only-for-tests";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int port = Ports.free();
  private final List<Process> started = new ArrayList<>();
  private int databases;
  private @Nullable Path folder;
  private @Nullable Process server;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    folder = Files.createTempDirectory("fairlead-postgres-");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (root()) {
      run(List.of("chown", "-R", "nobody", folder.toString()));
    }
    run(
        asUser(
            program("initdb"),
            "--pgdata=" + data(),
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
    start();
  }

  /// Starts it again where it was stopped.
  void start() throws IOException {
    Process process =
        begin(
            asUser(
                program("postgres"),
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off"));
    server = process;
    await("PostgreSQL answers")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          if (!process.isAlive()) {
            throw new AssertionError("PostgreSQL ended:\n" + log());
          }
          return answers();
        });
  }

  /// Ends it and every connection.
  void stop() throws IOException, InterruptedException {
    if (server != null) {
      run(asUser(program("pg_ctl"), "--pgdata=" + data(), "--mode=immediate", "stop"));
      server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      server = null;
    }
  }

  boolean running() {
    return server != null;
  }

  /// The URL of a database that nobody has used, as users write it.
  String newDatabase() throws SQLException {
    databases++;
    String name = "ledger_" + databases;
    execute("postgres", "CREATE DATABASE " + name);
    return url(name);
  }

  String url(String database) {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(USER, port, database);
  }

  void execute(String database, String statement) throws SQLException {
    try (Connection connection = connect(database);
        var one = connection.createStatement()) {
      one.execute(statement);
    }
  }

  private boolean answers() {
    try (Connection _ = connect("postgres")) {
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), USER, PASSWORD);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    try {
      stop();
    } finally {
      started.forEach(Process::destroyForcibly);
      delete();
    }
  }

  private void delete() throws IOException {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path base() {
    if (folder == null) {
      throw new IllegalStateException("not started");
    }
    return folder;
  }

  private String data() {
    return base().resolve("data").toString();
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> asUser(String... command) {
    List<String> line = new ArrayList<>();
    if (root()) {
      line.addAll(List.of("runuser", "-u", "nobody", "--"));
    }
    line.addAll(List.of(command));
    return line;
  }

  /// The newest of Debian's, else the one on the path.
  private static String program(String name) {
    Optional<Path> newest = Optional.empty();
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        newest =
            versions
                .map(version -> version.resolve("bin").resolve(name))
                .filter(Files::isExecutable)
                .max(Path::compareTo);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return newest.map(Path::toString).orElse(name);
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Process process = begin(command);
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("%s failed:\n%s".formatted(command, log()));
    }
  }

  private Process begin(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(base().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(base().resolve("log").toFile()))
            .start();
    started.add(process);
    return process;
  }

  private String log() {
    try {
      return Files.readString(base().resolve("log"));
    } catch (IOException e) {
      return "(no log: %s; install the package `postgresql`)".formatted(e.getMessage());
    }
  }
}
