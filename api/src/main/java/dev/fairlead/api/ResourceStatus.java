package dev.fairlead.api;

import java.util.List;

/// What Fairlead says about a resource.
public sealed interface ResourceStatus permits ModelStatus, ModelVersionStatus, TenantStatus {
  List<Condition> conditions();
}
