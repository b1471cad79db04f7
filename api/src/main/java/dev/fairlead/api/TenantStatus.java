package dev.fairlead.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What Fairlead says about a Tenant. `validKeys` counts those of the resource and those that were
/// made by command.
public record TenantStatus(List<Condition> conditions, int validKeys, Optional<Instant> lastUsed)
    implements ResourceStatus {
  public TenantStatus {
    conditions = List.copyOf(conditions);
  }
}
