package dev.fairlead.dataplane.net;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request's target in one of the forms of RFC 9112, section 3.2, that an origin server serves.
///
/// @param origin the path and query as sent, beginning with `/`, or `*`
/// @param path the decoded path
/// @param authority the authority of an absolute-form target, which overrules `Host`
record RequestTarget(String origin, String path, Optional<String> authority) {
  /// Stands in for a target that could not be read.
  static final RequestTarget UNKNOWN = new RequestTarget("/", "/", Optional.empty());

  /// Parses a target; empty when it is malformed.
  static Optional<RequestTarget> parse(String target) {
    if (target.equals("*")) {
      return Optional.of(new RequestTarget(target, target, Optional.empty()));
    }
    if (target.startsWith("/")) {
      return decode(target, Optional.empty());
    }
    int slashes = target.indexOf("://");
    String scheme = slashes < 0 ? "" : target.substring(0, slashes).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return Optional.empty();
    }
    int from = slashes + 3;
    int end = from;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    if (end == from) {
      return Optional.empty();
    }
    String rest = target.substring(end);
    return decode(
        rest.startsWith("/") ? rest : "/" + rest, Optional.of(target.substring(from, end)));
  }

  private static Optional<RequestTarget> decode(String origin, Optional<String> authority) {
    boolean plain = true;
    for (int i = 0; i < origin.length(); i++) {
      char c = origin.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '#') {
        return Optional.empty();
      }
      plain &= c != '%' && c != '?' && c != '+' && c != ';' && c < 0x80;
    }
    if (plain) {
      return Optional.of(new RequestTarget(origin, origin, authority));
    }
    try {
      String path = new QueryStringDecoder(origin).path();
      return path.indexOf('\0') >= 0
          ? Optional.empty()
          : Optional.of(new RequestTarget(origin, path, authority));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The first value of a query parameter, decoded; null when it is not there.
  @Nullable String query(String name) {
    List<String> values = new QueryStringDecoder(origin).parameters().get(name);
    return values == null ? null : values.getFirst();
  }
}
