package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import dev.fairlead.api.Problem.Severity;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.core.admit.TenantSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Turns Tenants into what the gateway enforces. A name or a hash that two of them have is an
/// error: budgets would be shared, and nobody could say whose a request is. A model that is not
/// there is a warning, because it may come. Not thread-safe: lives in one call.
final class TenantResolver {
  private final Map<ResourceKey, Origin> origins;
  private final Set<String> servedNames;
  private final Map<String, Tenant> byName = new HashMap<>();
  private final Map<String, Holder> byHash = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private record Holder(Tenant tenant, Tenant.Key key) {}

  /// @param servedNames every name that can be asked for; where there is none, models are elsewhere
  TenantResolver(Map<ResourceKey, Origin> origins, Set<String> servedNames) {
    this.origins = origins;
    this.servedNames = servedNames;
  }

  List<TenantSpec> resolve(List<? extends Resource> resources) {
    List<TenantSpec> specs = new ArrayList<>();
    for (Resource resource : resources) {
      if (resource instanceof Tenant tenant && named(tenant)) {
        tenant.spec().keys().forEach(key -> hashed(tenant, key));
        unknownModels(tenant);
        specs.add(spec(tenant));
      }
    }
    return specs;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  private boolean named(Tenant tenant) {
    String name = tenant.metadata().name();
    if (name.equals(dev.fairlead.core.admit.Tenant.DEFAULT.name())) {
      report(
          tenant,
          "metadata.name",
          "%s: whoever has no tenant's key is called `default`; choose another name"
              .formatted(tenant.key()),
          Severity.ERROR,
          Reason.NAME_TAKEN);
      return false;
    }
    Tenant first = byName.putIfAbsent(name, tenant);
    if (first == null) {
      return true;
    }
    report(
        tenant,
        "metadata.name",
        "%s: the name is held by the Tenant%s, whatever the namespace; choose another"
            .formatted(tenant.key(), place(first)),
        Severity.ERROR,
        Reason.NAME_TAKEN);
    return false;
  }

  private void hashed(Tenant tenant, Tenant.Key key) {
    Holder first = byHash.putIfAbsent(key.sha256(), new Holder(tenant, key));
    if (first != null) {
      report(
          tenant,
          "spec.keys",
          "%s: its key `%s` is the key `%s` of %s%s; make a key for each"
              .formatted(
                  tenant.key(),
                  key.name(),
                  first.key().name(),
                  first.tenant().key(),
                  place(first.tenant())),
          Severity.ERROR,
          Reason.DUPLICATE);
    }
  }

  private void unknownModels(Tenant tenant) {
    for (String model : tenant.spec().models()) {
      if (!servedNames.isEmpty() && !servedNames.contains(model)) {
        report(
            tenant,
            "spec.models",
            "%s: no model is served as `%s` yet%s"
                .formatted(tenant.key(), model, Nearest.hint(model, servedNames)),
            Severity.WARNING,
            Reason.NOT_FOUND);
      }
    }
  }

  private static TenantSpec spec(Tenant tenant) {
    Tenant.Spec spec = tenant.spec();
    return new TenantSpec(
        new dev.fairlead.core.admit.Tenant(
            tenant.metadata().name(),
            spec.limits().map(TenantResolver::limits).orElse(Limits.NONE),
            spec.priority().orElse(0),
            Set.copyOf(spec.models()),
            spec.overflow().orElse(false),
            spec.attributionHeader()),
        spec.keys().stream()
            .map(key -> new TenantKey(key.name(), key.sha256(), key.expires()))
            .toList());
  }

  private static Limits limits(Tenant.Limits limits) {
    return new Limits(
        large(limits.requestsPerMinute()),
        large(limits.tokensPerMinute()),
        limits.concurrency().map(OptionalInt::of).orElse(OptionalInt.empty()),
        large(limits.tokensPerDay()));
  }

  private static OptionalLong large(Optional<Long> value) {
    return value.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private String place(Tenant tenant) {
    return Optional.ofNullable(origins.get(tenant.key())).map(origin -> " in " + origin).orElse("");
  }

  private void report(
      Tenant tenant, String path, String message, Severity severity, Reason reason) {
    Origin origin = origins.getOrDefault(tenant.key(), new Origin("", 0, 0));
    problems.add(
        new Problem(
            origin.file(), origin.line(), origin.column(), path, message, severity, reason));
  }
}
