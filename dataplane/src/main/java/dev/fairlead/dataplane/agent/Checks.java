package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// The argument checks that the records of this package share, so that their messages read alike.
final class Checks {
  private Checks() {}

  static String nonBlank(String value, String name) {
    if (requireNonNull(value, name + " is null").isBlank()) {
      throw new IllegalArgumentException(name + " is blank");
    }
    return value;
  }

  static int positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }

  static Duration positive(Duration value, String name) {
    if (!requireNonNull(value, name + " is null").isPositive()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }
}
