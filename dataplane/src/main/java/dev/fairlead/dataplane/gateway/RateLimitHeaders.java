package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Standing;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.function.BiConsumer;

/// Tells a client where its tenant stands, in the headers and the form of OpenAI's API: counts, and
/// times such as `6m0s`, `1.5s` or `120ms`.
final class RateLimitHeaders {
  private static final Names REQUESTS = Names.of("requests");
  private static final Names TOKENS = Names.of("tokens");

  private record Names(AsciiString limit, AsciiString remaining, AsciiString reset) {
    static Names of(String what) {
      return new Names(
          AsciiString.cached("x-ratelimit-limit-" + what),
          AsciiString.cached("x-ratelimit-remaining-" + what),
          AsciiString.cached("x-ratelimit-reset-" + what));
    }
  }

  private RateLimitHeaders() {}

  static void of(Standing standing, BiConsumer<CharSequence, String> header) {
    standing.requests().ifPresent(rate -> each(REQUESTS, rate, header));
    standing.tokens().ifPresent(rate -> each(TOKENS, rate, header));
  }

  private static void each(
      Names names, Standing.Rate rate, BiConsumer<CharSequence, String> header) {
    header.accept(names.limit(), Long.toString(rate.limit()));
    header.accept(names.remaining(), Long.toString(rate.remaining()));
    header.accept(names.reset(), time(rate.reset()));
  }

  /// Milliseconds below a second, else seconds to the tenth.
  static String time(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + "ms";
    }
    long tenths = Math.ceilDiv(duration.toMillis(), 100);
    long minutes = tenths / 600;
    long rest = tenths % 600;
    String seconds = rest % 10 == 0 ? Long.toString(rest / 10) : rest / 10 + "." + rest % 10;
    return minutes == 0 ? seconds + "s" : minutes + "m" + seconds + "s";
  }
}
