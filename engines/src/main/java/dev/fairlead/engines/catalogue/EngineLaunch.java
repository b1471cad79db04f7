package dev.fairlead.engines.catalogue;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/// A command that starts one engine. No part of it ever reaches a shell.
///
/// @param env is added to the environment of this process
/// @param contextLength tokens per sequence that the engine will accept
public record EngineLaunch(
    String engine, List<String> argv, Map<String, String> env, int contextLength) {
  public EngineLaunch {
    requireNonNull(engine, "engine is null");
    argv = List.copyOf(requireNonNull(argv, "argv is null"));
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("argv is empty");
    }
    env = Map.copyOf(requireNonNull(env, "env is null"));
    if (contextLength <= 0) {
      throw new IllegalArgumentException("contextLength is not positive: " + contextLength);
    }
  }
}
