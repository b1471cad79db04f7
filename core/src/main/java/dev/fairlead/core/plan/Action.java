package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.VersionSpec;

/// One thing for an executor to do. Each is idempotent: done twice, it is done once.
public sealed interface Action {
  /// Fetch and inspect the version's files.
  record Prepare(VersionSpec version) implements Action {
    public Prepare {
      requireNonNull(version, "version is null");
    }
  }

  /// Start one more replica with so many threads; `ordinal` tells equal starts of one plan apart.
  record Start(VersionSpec version, Preparation.Prepared prepared, int threads, int ordinal)
      implements Action {
    public Start {
      requireNonNull(version, "version is null");
      requireNonNull(prepared, "prepared is null");
    }
  }

  /// Take no new requests at this replica, finish those it has, then end it.
  record Drain(String replica, String why) implements Action {
    public Drain {
      requireNonNull(replica, "replica is null");
      requireNonNull(why, "why is null");
    }
  }
}
