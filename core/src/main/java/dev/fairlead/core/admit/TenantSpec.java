package dev.fairlead.core.admit;

import java.util.List;
import java.util.Objects;

/// A tenant as the user wants it, with the keys that stand in its resource.
public record TenantSpec(Tenant tenant, List<TenantKey> keys) {
  public TenantSpec {
    Objects.requireNonNull(tenant, "tenant is null");
    keys = List.copyOf(keys);
  }
}
