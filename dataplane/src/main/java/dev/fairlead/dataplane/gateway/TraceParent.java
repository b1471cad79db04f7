package dev.fairlead.dataplane.gateway;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The span of a client that its request belongs to, as the header `traceparent` names it (W3C
/// Trace Context, level 1).
///
/// @param traceId 32 hexadecimal digits
/// @param spanId 16 hexadecimal digits
/// @param sampled whether the client keeps its part of the trace
public record TraceParent(String traceId, String spanId, boolean sampled) {
  static final String HEADER = "traceparent";

  /// A later version may have more fields, which version 00 has not.
  private static final Pattern FORM =
      Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final int SAMPLED = 1;

  /// Empty for a header that is not sent or not well-formed: the request then begins a trace.
  static Optional<TraceParent> parse(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher match = FORM.matcher(header);
    if (!match.matches()
        || (match.group(1).equals("00") && match.group(5) != null)
        || isZero(match.group(2))
        || isZero(match.group(3))) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(match.group(4), 16) & SAMPLED) != 0;
    return Optional.of(new TraceParent(match.group(2), match.group(3), sampled));
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0');
  }
}
