package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.openai.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads how many tokens a whole answer took from the header that its agent sends beside it.
final class TokensHeader {
  private static final String PROMPT = "prompt=";
  private static final String COMPLETION = ", completion=";
  private static final String CACHED = ", cached=";
  private static final int LONGEST = 18;

  private TokensHeader() {}

  static Optional<Usage> parse(@Nullable String header) {
    if (header == null || !header.startsWith(PROMPT)) {
      return Optional.empty();
    }
    int completion = header.indexOf(COMPLETION);
    int cached = header.indexOf(CACHED, Math.max(0, completion));
    if (completion < 0 || cached < 0) {
      return Optional.empty();
    }
    long prompt = number(header, PROMPT.length(), completion);
    long completed = number(header, completion + COMPLETION.length(), cached);
    long fromCache = number(header, cached + CACHED.length(), header.length());
    return prompt < 0 || completed < 0 || fromCache < 0
        ? Optional.empty()
        : Optional.of(new Usage(prompt, completed, fromCache));
  }

  /// -1 for what is no number.
  private static long number(String text, int from, int to) {
    if (to <= from || to - from > LONGEST) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value;
  }
}
