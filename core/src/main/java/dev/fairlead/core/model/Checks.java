package dev.fairlead.core.model;

/// The argument checks that the records of this package share, so that their messages read alike.
final class Checks {
  private Checks() {}

  static String nonBlank(String value, String name) {
    if (value == null) {
      throw new NullPointerException(name + " is null");
    }
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " is blank");
    }
    return value;
  }

  static long nonNegative(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
    return value;
  }

  static int positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
    return value;
  }
}
