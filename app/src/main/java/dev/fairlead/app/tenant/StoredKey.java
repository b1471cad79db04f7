package dev.fairlead.app.tenant;

import dev.fairlead.core.admit.TenantKey;
import java.time.Instant;
import java.util.Objects;

/// A key that a command made.
record StoredKey(String tenant, TenantKey key, Instant created) {
  StoredKey {
    if (tenant.isBlank()) {
      throw new IllegalArgumentException("tenant is blank");
    }
    Objects.requireNonNull(key, "key is null");
    Objects.requireNonNull(created, "created is null");
  }

  boolean is(String ofTenant, String name) {
    return tenant.equals(ofTenant) && key.name().equals(name);
  }
}
