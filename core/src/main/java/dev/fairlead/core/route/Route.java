package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A served name and the versions behind it, at least one. `created` is in seconds since the epoch;
/// `overflow` may be used while the replicas of those start or are full.
public record Route(
    String servedName,
    List<String> aliases,
    long created,
    List<VersionRoute> versions,
    Optional<VersionRoute> overflow) {
  public Route {
    requireNonNull(servedName, "servedName is null");
    aliases = List.copyOf(aliases);
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("route %s has no version".formatted(servedName));
    }
    requireNonNull(overflow, "overflow is null");
  }

  /// A route without overflow.
  public Route(String servedName, List<String> aliases, long created, List<VersionRoute> versions) {
    this(servedName, aliases, created, versions, Optional.empty());
  }

  /// Every version that a request may be sent to.
  public Stream<VersionRoute> reachable() {
    return Stream.concat(versions.stream(), overflow.stream());
  }
}
