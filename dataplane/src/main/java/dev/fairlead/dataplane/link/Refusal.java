package dev.fairlead.dataplane.link;

import java.util.Locale;
import java.util.Optional;

/// Why an agent did not take a request, or lost it before anything of the answer was sent: the
/// gateway places it again.
public enum Refusal {
  /// All slots and the waiting places are taken.
  BUSY,
  /// The replica is going away.
  DRAINING,
  /// The engine is not ready.
  NOT_READY,
  /// The request names another replica: the address was handed on.
  MISDIRECTED,
  /// The engine failed before the first byte of its answer.
  ENGINE_FAILED;

  /// The value of {@link LinkHeaders#REFUSAL}.
  public String header() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The refusal of that header value; empty for one of a later version.
  public static Optional<Refusal> parse(String header) {
    for (Refusal refusal : values()) {
      if (refusal.header().equals(header)) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }
}
