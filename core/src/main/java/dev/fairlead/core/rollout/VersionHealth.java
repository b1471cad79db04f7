package dev.fairlead.core.rollout;

import static java.util.Objects.requireNonNull;

/// How far a version is, as a rollout needs to know it.
public sealed interface VersionHealth {
  /// As many replicas serve as it takes to carry the traffic.
  record Ready() implements VersionHealth {}

  /// Its files are being fetched and read.
  record Preparing() implements VersionHealth {}

  /// Its replicas are on their way; `doing` says how far, in words.
  record Coming(String doing) implements VersionHealth {
    public Coming {
      requireNonNull(doing, "doing is null");
    }
  }

  /// It will not come up as it is.
  record Failed(String why) implements VersionHealth {
    public Failed {
      requireNonNull(why, "why is null");
    }
  }
}
