package dev.fairlead.app.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys of the one tenant `team-a` in memory, by its clock's only moment. Safe for every thread.
public final class FakeKeyring implements TenantKeyring {
  /// Every key that it makes.
  public static final String KEY = "fl-" + "k".repeat(43);

  private final List<Described> keys = new ArrayList<>();

  @Override
  public synchronized List<Described> keys(String tenant) {
    known(tenant);
    return List.copyOf(keys);
  }

  private static void known(String tenant) {
    if (!tenant.equals("team-a")) {
      throw new Installation.RefusedException(
          "There is no tenant `%s`; there are team-a.".formatted(tenant));
    }
  }

  @Override
  public synchronized Created create(String tenant, Optional<String> name, Validity validity) {
    known(tenant);
    String given = name.orElse("key-1");
    if (keys.stream().anyMatch(key -> key.name().equals(given))) {
      throw new Installation.RefusedException("Tenant `team-a` has a key `" + given + "` already.");
    }
    Optional<Instant> expires =
        switch (validity) {
          case Validity.Unlimited() -> Optional.empty();
          case Validity.Until(Instant end) -> Optional.of(end);
          case Validity.For(Duration length) -> Optional.of(FakeInstallation.NOW.plus(length));
        };
    keys.add(
        new Described(
            given,
            Origin.COMMAND,
            Optional.of(FakeInstallation.NOW),
            expires,
            Optional.empty(),
            true));
    return new Created(given, new SecretKey(KEY), expires);
  }

  @Override
  public synchronized String revoke(String tenant, String name, Duration after) {
    known(tenant);
    if (!keys.removeIf(key -> key.name().equals(name))) {
      throw new Installation.RefusedException("Tenant `team-a` has no key `" + name + "`.");
    }
    return "Key `%s` of tenant `%s` ends after %s.".formatted(name, tenant, after);
  }
}
