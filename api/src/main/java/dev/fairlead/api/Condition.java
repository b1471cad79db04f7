package dev.fairlead.api;

import java.time.Instant;

/// One judgement about a resource. `reason` is a stable CamelCase word for machines, `message`
/// tells a person what is the matter and what to do.
public record Condition(
    String type, Status status, String reason, String message, Instant lastTransitionTime) {

  /// Whether the judgement holds.
  public enum Status implements Word {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  public Condition {
    if (type.isBlank() || reason.isBlank()) {
      throw new IllegalArgumentException("type or reason is blank");
    }
  }

  Condition since(Instant time) {
    return new Condition(type, status, reason, message, time);
  }
}
