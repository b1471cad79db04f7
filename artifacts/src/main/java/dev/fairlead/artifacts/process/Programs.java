package dev.fairlead.artifacts.process;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Finds and runs the programs of one environment, as a shell would find them on its PATH.
/// Stateless; any thread may call it, and a run blocks its caller.
public final class Programs {
  /// What a program said (both streams, in the order of arrival) and how it ended.
  public record Result(int exitCode, String output) {
    /// The last `count` lines of the output that are not blank, for an error message.
    public String lastLines(int count) {
      List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
  }

  private final Map<String, String> environment;

  public Programs(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  public Map<String, String> environment() {
    return environment;
  }

  /// The first executable file called `name` on the PATH.
  public Optional<Path> find(String name) {
    requireNonNull(name, "name is null");
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name).toAbsolutePath())
        .filter(Programs::isExecutable)
        .findFirst();
  }

  public static boolean isExecutable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /// Runs `command` (its first word is a path) with `extra` added to the environment and waits for
  /// its end, at most for `limit`: after that it and its descendants are killed, and that is a
  /// failure of category `PROGRAM_FAILED`.
  public Result run(List<String> command, Map<String, String> extra, Duration limit) {
    Process process = start(command, extra, Optional.empty());
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(
            () -> read(process.getInputStream()), Thread::startVirtualThread);
    int exitCode = await(process, command, limit);
    return new Result(exitCode, output.join());
  }

  /// Like `run`, but the output is appended to `log`; answers the exit code.
  public int runLogged(List<String> command, Path log, Duration limit) {
    return await(start(command, Map.of(), Optional.of(log)), command, limit);
  }

  private Process start(List<String> command, Map<String, String> extra, Optional<Path> log) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().putAll(extra);
    log.ifPresent(file -> builder.redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile())));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException failure) {
      throw new ArtifactException(
          Category.PROGRAM_FAILED,
          "cannot run %s: %s".formatted(command.getFirst(), failure.getMessage()),
          failure);
    }
  }

  private static int await(Process process, List<String> command, Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      kill(process);
      throw new ArtifactException(
          Category.PROGRAM_FAILED, "%s was interrupted".formatted(command.getFirst()), interrupted);
    }
    kill(process);
    throw new ArtifactException(
        Category.PROGRAM_FAILED,
        "%s did not end within %d s and was stopped; run it by hand to see why: %s"
            .formatted(command.getFirst(), limit.toSeconds(), String.join(" ", command)));
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException closed) {
      return "(its output could not be read: %s)".formatted(closed.getMessage());
    }
  }
}
