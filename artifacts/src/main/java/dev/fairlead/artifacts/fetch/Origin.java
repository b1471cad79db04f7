package dev.fairlead.artifacts.fetch;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// Decides which addresses a download may go to, at first and on each redirect: https, and http to
/// this machine only; never a link-local address (where clouds keep their credentials), and never
/// from another host to this one.
///
/// The address is resolved again on connecting; for https the certificate must then match the name,
/// so an answer that changes in between gains nothing.
public final class Origin {
  private Origin() {}

  /// Refuses `uri` with `REFUSED` or `UNSUPPORTED` when it may not be asked.
  public static void check(URI uri) {
    check(uri, Optional.empty());
  }

  static void check(URI uri, Optional<URI> redirectedFrom) {
    String host = uri.getHost();
    if (host == null || uri.getUserInfo() != null) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "not an address that can be fetched: write https://HOST/PATH, without a user name");
    }
    List<InetAddress> addresses = resolve(host);
    boolean loopback =
        !addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("https") && !(scheme.equals("http") && loopback)) {
      throw refused(uri, redirectedFrom, "only https, and http to this machine, are fetched");
    }
    if (addresses.stream().anyMatch(Origin::isNoHost)) {
      throw refused(uri, redirectedFrom, "it is a link-local or multicast address");
    }
    boolean fromAfar = redirectedFrom.filter(from -> !isLoopback(from)).isPresent();
    if (fromAfar && addresses.stream().anyMatch(InetAddress::isLoopbackAddress)) {
      throw refused(uri, redirectedFrom, "it is this machine");
    }
  }

  static boolean same(URI one, URI other) {
    return String.valueOf(one.getScheme()).equals(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }

  /// The URI without user name and query, where signatures and keys are.
  static String withoutSecrets(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port + String.valueOf(uri.getRawPath());
  }

  private static boolean isLoopback(URI uri) {
    List<InetAddress> addresses = resolve(String.valueOf(uri.getHost()));
    return !addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
  }

  private static boolean isNoHost(InetAddress address) {
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress();
  }

  private static List<InetAddress> resolve(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException unknown) {
      // A proxy may know the name; without one the connection fails and says so.
      return List.of();
    }
  }

  private static ArtifactException refused(URI uri, Optional<URI> from, String why) {
    String redirect =
        from.map(origin -> " (a redirect from " + withoutSecrets(origin) + ")").orElse("");
    return new ArtifactException(
        Category.REFUSED,
        "%s%s is not fetched: %s; name another source"
            .formatted(withoutSecrets(uri), redirect, why));
  }
}
