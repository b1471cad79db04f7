package dev.fairlead.core.admit;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Who may use what: a team with its keys, as the gateway sees it.
///
/// @param name unique; it is in metrics and in the ledger
/// @param priority a request of a higher one is served first
/// @param models the served names that it may use; empty allows all
/// @param overflow whether its requests may go to an external upstream while a model's own replicas
///   start or are full
/// @param attributionHeader the request header that names the end user for the ledger
public record Tenant(
    String name,
    Limits limits,
    int priority,
    Set<String> models,
    boolean overflow,
    Optional<String> attributionHeader) {
  /// Whoever uses a door that asks for no key, or has the installation's own key.
  public static final Tenant DEFAULT =
      new Tenant("default", Limits.NONE, 0, Set.of(), true, Optional.empty());

  public Tenant {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is blank");
    }
    Objects.requireNonNull(limits, "limits is null");
    models = Set.copyOf(models);
    Objects.requireNonNull(attributionHeader, "attributionHeader is null");
  }

  public boolean mayUse(String servedName) {
    return models.isEmpty() || models.contains(servedName);
  }
}
