package dev.fairlead.engines.catalogue;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import java.util.List;

/// What one replica's engine shall run.
///
/// @param program how the engine is started, before its arguments: a path, or an interpreter and a
///   launcher
/// @param threads how many cores it may use
public record LaunchRequest(List<String> program, Artifact artifact, EngineSpec spec, int threads) {
  public LaunchRequest {
    program = List.copyOf(requireNonNull(program, "program is null"));
    if (program.isEmpty()) {
      throw new IllegalArgumentException("program is empty");
    }
    requireNonNull(artifact, "artifact is null");
    requireNonNull(spec, "spec is null");
    if (threads <= 0) {
      throw new IllegalArgumentException("threads is not positive: " + threads);
    }
  }
}
