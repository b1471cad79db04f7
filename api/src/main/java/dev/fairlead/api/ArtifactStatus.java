package dev.fairlead.api;

import dev.fairlead.core.model.Artifact;
import java.util.Locale;
import java.util.Optional;

/// What a version's files turned out to be, for a status. `digest` is there once it was verified.
public record ArtifactStatus(
    String format,
    String architecture,
    long parameters,
    long bytes,
    long contextLength,
    Optional<String> digest) {

  /// The part of `artifact` that a user reads.
  public static ArtifactStatus of(Artifact artifact) {
    return new ArtifactStatus(
        artifact.format().name().toLowerCase(Locale.ROOT),
        artifact.architecture(),
        artifact.parameters(),
        artifact.bytes(),
        artifact.contextLength(),
        artifact.digest().isEmpty() ? Optional.empty() : Optional.of(artifact.digest()));
  }
}
