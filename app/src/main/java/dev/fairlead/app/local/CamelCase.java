package dev.fairlead.app.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes the constant of an enum as the reason of a condition: `NO_SPACE` is `NoSpace`.
final class CamelCase {
  private CamelCase() {}

  static String of(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
