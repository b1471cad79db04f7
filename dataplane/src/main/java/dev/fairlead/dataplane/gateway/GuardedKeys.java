package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.dataplane.net.BearerToken;
import dev.fairlead.dataplane.net.Tokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The keys of a door that asks for one: the installation's own, and those of the tenants. Each
/// request is hashed once. Safe for every thread.
public final class GuardedKeys implements CallerKeys {
  private static final Caller INSTALLATION = new Caller(Tenant.DEFAULT, "installation");

  private final Tokens own;
  private final TenantKeys tenants;

  public GuardedKeys(Tokens own, TenantKeys tenants) {
    this.own = own;
    this.tenants = tenants;
  }

  @Override
  public Optional<Caller> find(@Nullable String authorization) {
    return BearerToken.digest(authorization)
        .flatMap(digest ->
            own.acceptsDigest(digest) ? Optional.of(INSTALLATION) : tenants.findDigest(digest));
  }

  @Override
  public Optional<Caller> expired(@Nullable String authorization) {
    return tenants.expired(authorization);
  }
}
