package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// A served name and the version behind it. Clients ask for `servedName` or one of `aliases`;
/// `version` is the name of the {@link VersionSpec} that shall serve; `overflow` is the name of one
/// that may help out while the replicas of that one start or are full.
public record ModelSpec(
    String name,
    String servedName,
    List<String> aliases,
    String version,
    Optional<String> overflow) {
  public ModelSpec {
    Checks.nonBlank(name, "name");
    Checks.nonBlank(servedName, "servedName");
    aliases = List.copyOf(requireNonNull(aliases, "aliases is null"));
    Checks.nonBlank(version, "version");
    requireNonNull(overflow, "overflow is null");
  }

  /// A model without overflow.
  public ModelSpec(String name, String servedName, List<String> aliases, String version) {
    this(name, servedName, aliases, version, Optional.empty());
  }
}
