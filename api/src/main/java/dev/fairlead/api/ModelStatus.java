package dev.fairlead.api;

import java.util.List;
import java.util.Optional;

/// What Fairlead says about a Model. `activeVersion` names the ModelVersion that answers.
public record ModelStatus(
    List<Condition> conditions,
    Optional<String> activeVersion,
    Optional<String> servedName,
    List<String> aliases)
    implements ResourceStatus {
  public ModelStatus {
    conditions = List.copyOf(conditions);
    aliases = List.copyOf(aliases);
  }
}
