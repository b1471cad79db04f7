package dev.fairlead.lab.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.testkit.Ports;
import dev.fairlead.testkit.SystemProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A `fairlead up` of the built product, started as a user would. Made by {@link Fairleads}, which
/// also ends it. Safe for every thread.
public final class FairleadProcess {
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(45);
  private static final int KILLED = 137;

  private final Process process;
  private final int port;
  private final Path state;
  private final Output out;
  private final Output err;
  private volatile int expectedExit;
  private volatile boolean killed;
  private volatile @Nullable Control control;

  FairleadProcess(Start start, int port, Path state, Map<String, String> environment) {
    this.port = port;
    this.state = state;
    List<String> arguments = new ArrayList<>(List.of("up", "--port", Integer.toString(port)));
    arguments.addAll(start.arguments());
    ProcessBuilder builder = new ProcessBuilder(start.command().with(arguments));
    builder.environment().put(Fairleads.MARK, state.toString());
    builder.environment().put("XDG_CONFIG_HOME", state.toString());
    builder.environment().putAll(environment);
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out = new Output(process.getInputStream(), "fairlead-out");
    err = new Output(process.getErrorStream(), "fairlead-err");
  }

  public long pid() {
    return process.pid();
  }

  /// The public port.
  public int port() {
    return port;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// What it printed to standard output so far.
  public String out() {
    return out.text();
  }

  public String err() {
    return err.text();
  }

  /// A client without a key.
  public OpenAi openAi() {
    return new OpenAi(url(), Optional.empty());
  }

  public OpenAi openAi(String key) {
    return new OpenAi(url(), Optional.of(key));
  }

  /// Its control door, with the token of its state folder.
  public Control control() {
    Control known = control;
    if (known == null) {
      known = Control.of(state.resolve("instances"), port);
      control = known;
    }
    return known;
  }

  /// The options of its JVM that choose a garbage collector.
  public List<String> collectors() {
    return Stream.of(process.info().arguments().orElse(new String[0]))
        .filter(argument -> argument.matches("-XX:[+-]Use\\w+GC"))
        .toList();
  }

  /// Waits until it has told where it is found, which it does once it serves.
  public void awaitServing(Duration limit) {
    await("fairlead serves")
        .atMost(limit)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !process.isAlive() || isServing());
    if (!process.isAlive()) {
      out.awaitEnd();
      err.awaitEnd();
      throw new AssertionError(
          "fairlead ended with %d instead of serving\n%s"
              .formatted(process.exitValue(), transcript()));
    }
    var _ = control();
  }

  private boolean isServing() {
    return Files.isRegularFile(state.resolve("instances").resolve(port + ".json"))
        && Ports.isListening(port);
  }

  /// Ctrl-C.
  public void interrupt() {
    SystemProcesses.signal(pid(), "INT");
  }

  public void terminate() {
    SystemProcesses.signal(pid(), "TERM");
  }

  /// SIGKILL: nothing of it can say goodbye.
  public void kill() {
    killed = true;
    expectedExit = KILLED;
    SystemProcesses.signal(pid(), "KILL");
  }

  /// What the exit code shall be in the end; 0 unless told.
  public void expectExit(int code) {
    expectedExit = code;
  }

  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "fairlead has not ended within %s\n%s".formatted(limit, transcript()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    out.awaitEnd();
    err.awaitEnd();
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// The engines that run for it, with their watchers: all that has inherited its state folder.
  public List<SystemProcesses.Running> children() {
    return SystemProcesses.withVariable(Fairleads.MARK, state.toString()).stream()
        .filter(running -> running.pid() != pid())
        .toList();
  }

  boolean wasKilled() {
    return killed;
  }

  List<Integer> ports() {
    Control known = control;
    return known == null ? List.of(port) : List.of(port, known.port());
  }

  void stopAndCheck() {
    if (process.isAlive()) {
      interrupt();
    }
    assertThat(awaitExit(STOPS_WITHIN)).as("exit code\n%s", transcript()).isEqualTo(expectedExit);
  }

  /// Everything it printed, for the report of a failure.
  public String transcript() {
    return "--- fairlead %d, standard output\n%s\n--- standard error\n%s\n---"
        .formatted(pid(), out(), err());
  }
}
