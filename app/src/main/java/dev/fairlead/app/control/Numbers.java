package dev.fairlead.app.control;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads numbers of a query.
final class Numbers {
  private Numbers() {}

  /// A whole number that is not negative, or nothing.
  static OptionalInt natural(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > 9) {
      return OptionalInt.empty();
    }
    return text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
