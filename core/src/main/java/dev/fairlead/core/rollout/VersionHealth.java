package dev.fairlead.core.rollout;

import static java.util.Objects.requireNonNull;

/// How far a version is, as a rollout needs to know it.
public sealed interface VersionHealth {
  /// At least one replica serves.
  record Ready() implements VersionHealth {}

  /// It is on its way.
  record Coming() implements VersionHealth {}

  /// It will not come up as it is.
  record Failed(String why) implements VersionHealth {
    public Failed {
      requireNonNull(why, "why is null");
    }
  }
}
