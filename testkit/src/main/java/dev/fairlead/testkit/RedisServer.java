package dev.fairlead.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real Redis on a port of the loopback address, which keeps nothing on disk. For the test's
/// thread; the test closes it.
public final class RedisServer implements AutoCloseable {
  private static final int PAUSE_MILLIS = 20;
  private static final int ATTEMPTS = 1_000;

  private final int port = Ports.free();
  private final List<String> settings;
  private @Nullable Process process;

  private RedisServer(List<String> settings) {
    this.settings = List.copyOf(settings);
  }

  /// Starts one that is fit for limits.
  public static RedisServer start() {
    return start("--maxmemory-policy", "noeviction");
  }

  /// Starts one with such arguments.
  public static RedisServer start(String... arguments) {
    RedisServer server = new RedisServer(List.of(arguments));
    server.launch();
    return server;
  }

  public int port() {
    return port;
  }

  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /// Starts it again on the same port, with an empty memory.
  public void launch() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no"));
    command.addAll(settings);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "redis-server does not start; scripts/test-tools.sh installs it", e);
    }
    awaitAnswers();
  }

  /// Ends it as a crash does.
  public void kill() {
    running().destroyForcibly();
    if (!endsWithin(10_000)) {
      throw new IllegalStateException("redis-server does not end");
    }
  }

  /// Lets it answer nothing, though it keeps its connections.
  public void freeze() {
    SystemProcesses.signal(running().pid(), "STOP");
  }

  public void thaw() {
    SystemProcesses.signal(running().pid(), "CONT");
  }

  /// The one-line answer to a command, such as `DBSIZE`.
  public String ask(String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (line == null) {
        throw new IOException("the connection closed");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null && running.isAlive()) {
      kill();
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  private void awaitAnswers() {
    for (int attempt = 0; !answers(); attempt++) {
      if (attempt > ATTEMPTS || endsWithin(PAUSE_MILLIS)) {
        throw new IllegalStateException("redis-server does not answer on port " + port);
      }
    }
  }

  private boolean answers() {
    try {
      String answer = ask("PING");
      return answer.equals("+PONG") || answer.startsWith("-NOAUTH");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private boolean endsWithin(int millis) {
    try {
      return running().waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
