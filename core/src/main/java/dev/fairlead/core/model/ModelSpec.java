package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A served name and the version behind it. Clients ask for `servedName` or one of `aliases`;
/// `version` is the name of the {@link VersionSpec} that shall serve.
public record ModelSpec(String name, String servedName, List<String> aliases, String version) {
  public ModelSpec {
    Checks.nonBlank(name, "name");
    Checks.nonBlank(servedName, "servedName");
    aliases = List.copyOf(requireNonNull(aliases, "aliases is null"));
    Checks.nonBlank(version, "version");
  }
}
