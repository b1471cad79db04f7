package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact;

/// How far a version's files are.
public sealed interface Preparation {
  /// Nobody has looked yet.
  record Unknown() implements Preparation {}

  /// They are being fetched or read; `totalBytes` is 0 when the size is not known.
  record Running(String label, long bytes, long totalBytes) implements Preparation {
    public Running {
      requireNonNull(label, "label is null");
    }
  }

  /// They are there and were inspected. `contextLength` is what the engine will take per sequence,
  /// in tokens, 0 where a server elsewhere does not tell; `replicaBytes` is the memory that one
  /// replica takes.
  record Prepared(Artifact artifact, String engine, int contextLength, long replicaBytes)
      implements Preparation {
    public Prepared {
      requireNonNull(artifact, "artifact is null");
      requireNonNull(engine, "engine is null");
      if (contextLength < 0) {
        throw new IllegalArgumentException("contextLength is negative: " + contextLength);
      }
      if (replicaBytes <= 0) {
        throw new IllegalArgumentException("replicaBytes is not positive: " + replicaBytes);
      }
    }
  }

  /// They cannot be used; `reason` is one stable word, `message` says what to do.
  record Unusable(String reason, String message) implements Preparation {
    public Unusable {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }
}
