package dev.fairlead.app.cli;

import java.util.Optional;

/// Finds the version that a user means who names a model.
final class VersionNames {
  private VersionNames() {}

  /// The version of that name, else the active (or only) one of the model of that name.
  static Optional<String> find(String name, Overview overview) {
    if (overview.version(name).isPresent()) {
      return Optional.of(name);
    }
    return overview
        .model(name)
        .flatMap(model ->
            model.activeVersion().isEmpty()
                ? model.versions().stream().findFirst()
                : Optional.of(model.activeVersion()));
  }
}
