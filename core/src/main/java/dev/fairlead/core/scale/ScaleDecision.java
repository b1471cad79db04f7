package dev.fairlead.core.scale;

import static java.util.Objects.requireNonNull;

/// How many replicas a version shall have, why in a word and in a sentence with its numbers, and
/// what to remember for the next decision.
public record ScaleDecision(int target, ScaleReason reason, String note, ScaleMemory memory) {
  public ScaleDecision {
    if (target < 0) {
      throw new IllegalArgumentException("target is negative: " + target);
    }
    requireNonNull(reason, "reason is null");
    requireNonNull(note, "note is null");
    requireNonNull(memory, "memory is null");
  }
}
