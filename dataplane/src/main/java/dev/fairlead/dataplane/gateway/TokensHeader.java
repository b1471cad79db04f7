package dev.fairlead.dataplane.gateway;

import dev.fairlead.dataplane.openai.Usage;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads how many tokens a whole answer took from the header that its agent sends beside it.
final class TokensHeader {
  private static final Pattern FORM =
      Pattern.compile("prompt=(\\d{1,18}), completion=(\\d{1,18}), cached=(\\d{1,18})");

  private TokensHeader() {}

  static Optional<Usage> parse(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher match = FORM.matcher(header);
    return match.matches()
        ? Optional.of(
            new Usage(
                Long.parseLong(match.group(1)),
                Long.parseLong(match.group(2)),
                Long.parseLong(match.group(3))))
        : Optional.empty();
  }
}
