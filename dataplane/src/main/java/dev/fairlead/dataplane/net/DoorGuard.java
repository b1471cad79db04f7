package dev.fairlead.dataplane.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps web pages away from a loopback listener: a page of another origin, or one whose name was
/// rebound to 127.0.0.1 (DNS rebinding), is 403 before any handler sees its request. `Host` must be
/// `localhost`, `127.0.0.1` or `[::1]` with a port of this door; `Origin` must be absent, the same
/// origin, or listed. Programs send no `Origin` and notice nothing. Immutable; safe for every
/// thread.
public final class DoorGuard implements Handler {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Handler next;
  private final Set<Integer> ports;
  private final Predicate<String> origins;
  private final String scheme;

  /// Guards `next`. The listener's own port is always allowed.
  ///
  /// @param ports further ports that `Host` may name, such as that of a port forward
  /// @param origins further origins, such as `http://localhost:5173`; never `null` or `*`
  public DoorGuard(Handler next, Set<Integer> ports, Set<String> origins) {
    this(next, "http", Set.copyOf(ports), Set.copyOf(origins)::contains);
    for (String origin : origins) {
      if (!origin.startsWith("http://") && !origin.startsWith("https://")) {
        throw new IllegalArgumentException("origin is not http(s)://host[:port]: " + origin);
      }
    }
  }

  /// Guards a listener whose further origins may change.
  ///
  /// @param scheme what the listener speaks: `http` or `https`
  /// @param ports further ports that `Host` may name
  /// @param origins tells further origins
  public DoorGuard(Handler next, String scheme, Set<Integer> ports, Predicate<String> origins) {
    this.next = next;
    this.scheme = scheme;
    this.ports = Set.copyOf(ports);
    this.origins = origins;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    String host = exchange.header("host");
    String origin = exchange.header("origin");
    if (!hostAllowed(host, exchange.localAddress().getPort())) {
      exchange.refuse(
          new Refusal(
              403,
              "host_not_allowed",
              "The host %s is not served here: use %s://localhost:%d."
                  .formatted(host, scheme, exchange.localAddress().getPort())));
      return BodyReceiver.ignore();
    }
    if (!originAllowed(host, origin)) {
      exchange.refuse(
          new Refusal(
              403,
              "origin_not_allowed",
              "Web pages of %s may not use this server.".formatted(origin)));
      return BodyReceiver.ignore();
    }
    return next.accept(exchange);
  }

  private boolean hostAllowed(@Nullable String host, int listener) {
    if (host == null) {
      return false;
    }
    int colon = host.lastIndexOf(':');
    boolean withPort = colon > host.lastIndexOf(']');
    String name = (withPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? HTTPS : HTTP;
    int port = withPort ? port(host.substring(colon + 1)) : usual;
    return LOOPBACK.contains(name) && (port == listener || ports.contains(port));
  }

  private static int port(String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private boolean originAllowed(@Nullable String host, @Nullable String origin) {
    if (origin == null || origins.test(origin)) {
      return true;
    }
    try {
      var page = new URI(origin);
      return scheme.equalsIgnoreCase(page.getScheme())
          && page.getRawAuthority() != null
          && page.getRawAuthority().equalsIgnoreCase(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
