package dev.fairlead.core.scale;

import java.time.Instant;
import java.util.List;

/// What one version's scaling remembers between two decisions: the peaks of its need within the
/// hold-down window, latest last and each lower than the one before, and when it was last busy.
public record ScaleMemory(List<Peak> peaks, Instant busyAt) {

  /// The need at one moment, in replicas.
  public record Peak(Instant at, int need) {}

  public ScaleMemory {
    peaks = List.copyOf(peaks);
  }

  /// Begins at `now`, as if the version had just been busy: lost memory holds for one reaction
  /// time.
  public static ScaleMemory startingAt(Instant now) {
    return new ScaleMemory(List.of(), now);
  }
}
