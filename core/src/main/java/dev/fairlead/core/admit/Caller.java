package dev.fairlead.core.admit;

import java.util.Objects;

/// Who sent a request.
///
/// @param key the name of the key, never the key; empty where the door asks for none
public record Caller(Tenant tenant, String key) {
  /// Someone at a door that asks for no key.
  public static final Caller ANONYMOUS = new Caller(Tenant.DEFAULT, "");

  public Caller {
    Objects.requireNonNull(tenant, "tenant is null");
    Objects.requireNonNull(key, "key is null");
  }
}
