package dev.fairlead.api;

import java.util.List;
import java.util.Optional;

/// What Fairlead says about a ModelVersion. `replicas` exist, `readyReplicas` of them answer,
/// `desiredReplicas` shall exist.
public record ModelVersionStatus(
    List<Condition> conditions,
    int replicas,
    int readyReplicas,
    int desiredReplicas,
    Optional<ArtifactStatus> artifact)
    implements ResourceStatus {
  public ModelVersionStatus {
    conditions = List.copyOf(conditions);
    if (Math.min(replicas, Math.min(readyReplicas, desiredReplicas)) < 0) {
      throw new IllegalArgumentException(
          "a count is negative: %d, %d, %d".formatted(replicas, readyReplicas, desiredReplicas));
    }
  }
}
