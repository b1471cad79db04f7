package dev.fairlead.core.scale;

/// How many replicas a version shall have, why in a word and in a sentence with its numbers, and
/// what to remember for the next decision.
public record ScaleDecision(int target, ScaleReason reason, String note, ScaleMemory memory) {
  public ScaleDecision {
    if (target < 0) {
      throw new IllegalArgumentException("target is negative: " + target);
    }
  }
}
