package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// The argument checks that the records of this package share, so that their messages read alike.
final class Checks {
  private Checks() {}

  static int positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }

  static long nonNegative(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
    return value;
  }

  static Duration positive(Duration value, String name) {
    if (!requireNonNull(value, name + " is null").isPositive()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }

  static int port(int value, int lowest, String name) {
    if (value < lowest || value > 65535) {
      throw new IllegalArgumentException(name + " is not a port: " + value);
    }
    return value;
  }
}
