package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

/// Something that a user should be told: it becomes an event, and a line in the log.
public record Note(Severity severity, String reason, String object, String message) {
  /// As Kubernetes types events.
  public enum Severity {
    NORMAL,
    WARNING
  }

  public Note {
    requireNonNull(severity, "severity is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(object, "object is null");
    requireNonNull(message, "message is null");
  }
}
