package dev.fairlead.core.usage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// By what usage can be summed up. Its word is the name in lower case, as users type it.
public enum Dimension {
  /// The day of UTC on which requests arrived, as `2026-11-24`.
  DAY,
  TENANT,
  /// The name of the key.
  KEY,
  MODEL,
  VERSION,
  USER;

  private final String word = name().toLowerCase(Locale.ROOT);

  public String word() {
    return word;
  }

  public static Optional<Dimension> ofWord(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
  }
}
