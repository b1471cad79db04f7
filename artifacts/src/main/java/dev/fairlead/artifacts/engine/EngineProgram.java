package dev.fairlead.artifacts.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A llama.cpp server that this machine can run: `command` is to be followed by llama-server's own
/// arguments.
///
/// @param description what it is, in words for the user
public record EngineProgram(List<String> command, Kind kind, String description) {
  /// Where it came from.
  public enum Kind {
    /// The variable `LLAMA_SERVER`.
    NAMED,
    PATH,
    WHEEL,
    BUILT
  }

  public EngineProgram {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("command is empty");
    }
    requireNonNull(kind, "kind is null");
    requireNonNull(description, "description is null");
  }
}
