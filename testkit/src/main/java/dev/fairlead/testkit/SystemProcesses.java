package dev.fairlead.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The processes of this machine as a test sees them, read from Linux' `/proc`: those that run, to
/// whom they belong, and signals to single ones by their id. Any thread.
public final class SystemProcesses {
  private static final Path PROC = Path.of("/proc");

  private SystemProcesses() {}

  /// A process that runs.
  ///
  /// @param command its arguments, separated by spaces
  public record Running(long pid, String command) {
    @Override
    public String toString() {
      return pid + " " + (command.length() <= 160 ? command : command.substring(0, 160) + "…");
    }
  }

  /// The processes that were started with the variable `name` set to `value`, as children inherit
  /// it: also those whose parent is gone. Zombies do not count.
  public static List<Running> withVariable(String name, String value) {
    String wanted = name + "=" + value;
    List<Running> found = new ArrayList<>();
    for (long pid : all()) {
      boolean has = entries(pid, "environ").contains(wanted);
      if (has && isRunning(pid)) {
        found.add(new Running(pid, String.join(" ", entries(pid, "cmdline"))));
      }
    }
    return found;
  }

  /// Whether there is such a process and it is no zombie.
  public static boolean isRunning(long pid) {
    // "pid (name) state …": the name may hold spaces and parentheses.
    return text(PROC.resolve(Long.toString(pid)).resolve("stat"))
        .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).charAt(0))
        .filter(state -> state != 'Z' && state != 'X')
        .isPresent();
  }

  /// Sends a signal, such as `INT`; nothing happens when the process is gone.
  public static void signal(long pid, String signal) {
    try {
      Process kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("kill does not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static List<Long> all() {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::parseLong)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> entries(long pid, String file) {
    return text(PROC.resolve(Long.toString(pid)).resolve(file))
        .map(text -> List.of(text.split("\0", -1)))
        .orElse(List.of());
  }

  /// Empty when the process is gone or belongs to somebody else.
  private static Optional<String> text(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
          .filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
