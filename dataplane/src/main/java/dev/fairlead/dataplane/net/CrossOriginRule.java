package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which web pages may use a listener from a browser (CORS, WHATWG Fetch section 3.2). A preflight
/// of an allowed origin is answered before any handler, for a browser sends no key with it; all
/// answers, errors and streams included, carry what lets the page read them. Credentials are never
/// allowed: keys come in headers, not in cookies. Immutable; safe for every thread.
///
/// @param origins such as `https://chat.example.com`; `*` stands for all; empty for none
/// @param maxAge how long a browser may remember the answer to a preflight
public record CrossOriginRule(Set<String> origins, Duration maxAge) {
  private static final String ALL = "*";
  private static final int MAX_HEADER_NAMES = 4 << 10;

  /// No page of another origin.
  public static final CrossOriginRule NONE = new CrossOriginRule(Set.of(), Duration.ZERO);

  public CrossOriginRule {
    origins = Set.copyOf(origins);
    requireNonNull(maxAge, "maxAge is null");
    for (String origin : origins) {
      if (!origin.equals(ALL) && !origin.matches("https?://[^/\\s]+")) {
        throw new IllegalArgumentException("origin is not http(s)://host[:port]: " + origin);
      }
    }
  }

  /// Whether pages of `origin` may use the listener.
  public boolean allows(String origin) {
    return origins.contains(ALL) || origins.contains(origin);
  }

  /// Adds to an answer's head what lets the page that asked read it.
  void mark(HttpHeaders request, ByteBuf head) {
    if (origins.isEmpty()) {
      return;
    }
    boolean all = origins.contains(ALL);
    if (!all) {
      HeadWriter.header(head, HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
    String origin = request.get(HttpHeaderNames.ORIGIN);
    if (origin != null && allows(origin)) {
      HeadWriter.header(head, HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, all ? ALL : origin);
      HeadWriter.header(head, HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, ALL);
    }
  }

  /// Answers the preflight of an allowed origin; returns whether it was one. The answer tells
  /// nothing about what is served.
  boolean answersPreflight(ServerExchange exchange) {
    if (origins.isEmpty() || !exchange.method().equals("OPTIONS")) {
      return false;
    }
    String origin = exchange.header(HttpHeaderNames.ORIGIN);
    if (origin == null
        || !allows(origin)
        || exchange.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD) == null) {
      return false;
    }
    var headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
            .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, Long.toString(maxAge.toSeconds()));
    String names = exchange.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
    if (areNames(names)) {
      // Clients send many of their own, such as x-stainless-*, and `*` would not cover
      // Authorization.
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    exchange.respond(204, headers, Unpooled.EMPTY_BUFFER);
    return true;
  }

  private static boolean areNames(@Nullable String list) {
    return list != null
        && list.length() <= MAX_HEADER_NAMES
        && list.chars()
            .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "-_, ".indexOf(c) >= 0));
  }
}
