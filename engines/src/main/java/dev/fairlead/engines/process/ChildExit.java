package dev.fairlead.engines.process;

import java.util.OptionalInt;

/// How an engine ended. `code` is what a shell reports: 128 and the signal's number where a signal
/// ended it.
public record ChildExit(int code) {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 64;

  public ChildExit {
    if (code < 0) {
      throw new IllegalArgumentException("code is negative: " + code);
    }
  }

  /// The number of the signal that ended it.
  public OptionalInt signal() {
    return code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL
        ? OptionalInt.of(code - SIGNALLED)
        : OptionalInt.empty();
  }
}
