package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A served name and the versions behind it, at least one. `created` is in seconds since the epoch.
public record Route(
    String servedName, List<String> aliases, long created, List<VersionRoute> versions) {
  public Route {
    requireNonNull(servedName, "servedName is null");
    aliases = List.copyOf(aliases);
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("route %s has no version".formatted(servedName));
    }
  }
}
