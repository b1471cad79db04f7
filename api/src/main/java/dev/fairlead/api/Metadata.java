package dev.fairlead.api;

import java.util.Map;
import java.util.Optional;

/// What every resource says about itself. `name` is a DNS-1123 subdomain (dots are legal, at most
/// 253 characters). Locally `namespace` only keeps equal names apart in a file.
public record Metadata(
    String name,
    Optional<String> namespace,
    Map<String, String> labels,
    Map<String, String> annotations) {
  public Metadata {
    if (!ResourceNames.isSubdomain(name)) {
      throw new IllegalArgumentException("name is not a DNS-1123 subdomain: " + name);
    }
    labels = Ordered.copy(labels);
    annotations = Ordered.copy(annotations);
  }

  /// Metadata with nothing but a name.
  public static Metadata named(String name) {
    return new Metadata(name, Optional.empty(), Map.of(), Map.of());
  }
}
