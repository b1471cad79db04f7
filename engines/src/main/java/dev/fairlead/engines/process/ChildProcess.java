package dev.fairlead.engines.process;

import static java.util.Objects.requireNonNull;

import dev.fairlead.engines.EngineException;
import dev.fairlead.engines.EngineException.Category;
import dev.fairlead.engines.catalogue.EngineLaunch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs one engine so that it never outlives this JVM, whatever ends that. Between the two stands a
/// shell script (`watcher.sh`) that holds a pipe from here and ends the engine's whole process
/// group at the end of it. Any thread.
public final class ChildProcess {
  private static final String SHELL = "/bin/sh";
  private static final String PID_PREFIX = "fairlead-engine-pid ";
  private static final int MAX_LINE_BYTES = 4096;

  /// How long the output may stay open after the exit, by a process that left the engine's group.
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

  private final Process watcher;
  private final long pid;

  /// Knows the engine's start time, so that a reused pid is never taken for it.
  private final Optional<ProcessHandle> engine;

  private final CompletableFuture<ChildExit> exit;

  private ChildProcess(Process watcher, long pid, CompletableFuture<@Nullable Void> outputEnd) {
    this.watcher = watcher;
    this.pid = pid;
    engine = ProcessHandle.of(pid);
    exit =
        watcher
            .onExit()
            .thenCompose(ended ->
                outputEnd
                    .copy()
                    .completeOnTimeout(null, LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(_ -> new ChildExit(ended.exitValue())));
    // Only a watcher that was itself killed leaves an engine behind.
    var _ = watcher.onExit().thenRun(this::killOrphan);
  }

  /// Starts the engine and returns once it has a pid, long before it is ready. Its output goes to
  /// `log` and then, line by line, to `onLine`, on a thread of its own: `onLine` must not block for
  /// long, since an engine whose output nobody reads stands still.
  ///
  /// @throws EngineException if there is no shell to start it with; a program that does not exist
  ///   is an exit with code 127
  public static ChildProcess start(EngineLaunch launch, LogRing log, Consumer<String> onLine) {
    return start(SHELL, launch, log, onLine);
  }

  static ChildProcess start(
      String shell, EngineLaunch launch, LogRing log, Consumer<String> onLine) {
    requireNonNull(onLine, "onLine is null");
    if (log.ended()) {
      throw new IllegalArgumentException("log is the one of a run that has ended");
    }
    var script = script();
    var command = new ArrayList<>(List.of(shell, "-c", script, "fairlead-watcher"));
    command.addAll(launch.argv());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(launch.env());
    builder.environment().put("FAIRLEAD_SHELL", shell);
    builder.environment().put("FAIRLEAD_SCRIPT", script);
    try {
      Process watcher = builder.start();
      var lines = new LineReader(watcher.getInputStream(), MAX_LINE_BYTES);
      long pid = pidFrom(lines, watcher);
      var outputEnd = new CompletableFuture<@Nullable Void>();
      // A platform thread: a read of a pipe would hold a virtual thread's carrier for ever.
      Thread.ofPlatform()
          .daemon()
          .name("engine-output-" + pid)
          .start(() -> readOutput(lines, log, onLine, outputEnd));
      return new ChildProcess(watcher, pid, outputEnd);
    } catch (IOException e) {
      throw new EngineException(
          Category.START_FAILED,
          "The engine cannot be started with %s: %s".formatted(shell, e.getMessage()),
          e);
    }
  }

  private static String script() {
    try (var stream = ChildProcess.class.getResourceAsStream("watcher.sh")) {
      return new String(
          requireNonNull(stream, "watcher.sh").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The watcher's script cannot be read", e);
    }
  }

  private static long pidFrom(LineReader lines, Process watcher) throws IOException {
    var first = lines.next();
    if (first == null || !first.startsWith(PID_PREFIX)) {
      watcher.getOutputStream().close();
      throw new IOException("the watcher said '%s' instead of a pid".formatted(first));
    }
    return Long.parseLong(first.substring(PID_PREFIX.length()));
  }

  private static void readOutput(
      LineReader lines,
      LogRing log,
      Consumer<String> onLine,
      CompletableFuture<@Nullable Void> outputEnd) {
    try {
      for (var line = lines.next(); line != null; line = lines.next()) {
        log.append(line);
        hear(onLine, line, log);
      }
    } catch (IOException e) {
      log.append("The engine's output cannot be read any more: " + e.getMessage());
    } finally {
      log.end();
      outputEnd.complete(null);
    }
  }

  /// A listener's mistake must not stop the reading: the engine would stand still.
  private static void hear(Consumer<String> onLine, String line, LogRing log) {
    try {
      onLine.accept(line);
    } catch (RuntimeException e) {
      log.append("A listener of the engine's output failed: " + e);
    }
  }

  /// The pid of the engine itself.
  public long pid() {
    return pid;
  }

  /// Completes when the engine is gone and its last line has been read. Never fails.
  public CompletionStage<ChildExit> onExit() {
    return exit.minimalCompletionStage();
  }

  /// Asks the engine to end (SIGTERM) and ends it after `grace`. llama.cpp does not drain: whoever
  /// wants its streams to finish waits for them first.
  public CompletionStage<ChildExit> stop(Duration grace) {
    tell("TERM");
    var patience = new CompletableFuture<@Nullable Void>();
    // Whichever comes first: the exit ends the patience, and so does the clock.
    var _ = exit.thenRun(() -> patience.complete(null));
    var _ =
        patience
            .completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS)
            .thenRun(() -> {
              if (!exit.isDone()) {
                kill();
              }
            });
    return onExit();
  }

  /// Ends the engine and all its children at once (SIGKILL).
  public void kill() {
    tell("KILL");
  }

  private void tell(String word) {
    try {
      var pipe = watcher.getOutputStream();
      synchronized (pipe) {
        pipe.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
      }
    } catch (IOException e) {
      // The watcher is gone, and with it the engine.
      killOrphan();
    }
  }

  private void killOrphan() {
    engine.ifPresent(handle -> {
      handle.descendants().forEach(ProcessHandle::destroyForcibly);
      handle.destroyForcibly();
    });
  }
}
