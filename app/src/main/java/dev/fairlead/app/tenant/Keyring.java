package dev.fairlead.app.tenant;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.fairlead.api.ResourceNames;
import dev.fairlead.app.control.Installation.RefusedException;
import dev.fairlead.app.control.SecretKey;
import dev.fairlead.app.control.TenantKeyring;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.core.admit.TenantSpec;
import dev.fairlead.core.plan.Note;
import dev.fairlead.dataplane.gateway.TenantKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Puts the tenants that are wanted and the keys that are stored together, for the gateway. A key
/// of a tenant that is gone is not valid from that moment; it is again when the tenant comes back.
/// Where the store and a resource, or two resources, hold one key, the first resource counts. Safe
/// for every thread; it blocks on the disk, so never on an event loop.
public final class Keyring implements TenantKeyring {
  private static final Duration USES_KEPT = Duration.ofDays(400);

  private final KeyStore store;
  private final TenantKeys gateway;
  private final Journal journal;
  private final InstantSource clock;
  private final RandomGenerator random;
  private List<TenantSpec> tenants = List.of();

  /// What a keyring works with.
  ///
  /// @param random a `SecureRandom`, but in tests
  public record Parts(
      KeyStore store,
      TenantKeys gateway,
      Journal journal,
      InstantSource clock,
      RandomGenerator random) {}

  public Keyring(Parts parts) {
    store = parts.store();
    gateway = parts.gateway();
    journal = parts.journal();
    clock = parts.clock();
    random = parts.random();
  }

  /// Takes the tenants that are wanted now.
  public synchronized void tenants(List<TenantSpec> now) {
    if (!now.equals(tenants)) {
      tenants = List.copyOf(now);
      publish();
    }
  }

  /// Takes up keys that another process has made or ended.
  public synchronized void refresh() {
    if (store.refresh()) {
      publish();
    }
  }

  /// Writes down when keys were last used, if any was since the last time.
  public synchronized void saveUses() {
    Map<String, Instant> known = store.content().lastUses();
    Map<String, Instant> later = new HashMap<>(gateway.lastUses());
    later
        .entrySet()
        .removeIf(use -> {
          Instant before = known.get(use.getKey());
          return before != null && !before.isBefore(use.getValue());
        });
    if (!later.isEmpty()) {
      Instant forgotten = clock.instant().minus(USES_KEPT);
      var _ = store.update(file -> file.used(later, forgotten));
    }
  }

  /// A tenant and what is to be said of its keys.
  public record Summary(TenantSpec spec, int keys, int validKeys, Optional<Instant> lastUsed) {}

  /// Every tenant that is wanted.
  public synchronized List<Summary> summaries() {
    KeyFile file = store.content();
    Map<String, List<TenantKey>> stored =
        file.keys().stream()
            .collect(groupingBy(StoredKey::tenant, mapping(StoredKey::key, toList())));
    Map<String, Instant> uses = uses(file);
    Instant now = clock.instant();
    return tenants.stream()
        .map(spec -> {
          List<TenantKey> keys = new ArrayList<>(spec.keys());
          keys.addAll(stored.getOrDefault(spec.tenant().name(), List.of()));
          return new Summary(
              spec,
              keys.size(),
              Math.toIntExact(keys.stream().filter(key -> key.validAt(now)).count()),
              keys.stream()
                  .map(TenantKey::sha256)
                  .filter(uses::containsKey)
                  .map(uses::get)
                  .max(Comparator.naturalOrder()));
        })
        .toList();
  }

  private Map<String, Instant> uses(KeyFile file) {
    return file.used(gateway.lastUses(), Instant.MIN).lastUses();
  }

  private void publish() {
    List<TenantKeys.Holding> holdings = new ArrayList<>();
    for (TenantSpec spec : tenants) {
      spec.keys().forEach(key -> holdings.add(new TenantKeys.Holding(spec.tenant(), key)));
    }
    for (StoredKey stored : store.content().keys()) {
      find(stored.tenant())
          .ifPresent(spec -> holdings.add(new TenantKeys.Holding(spec.tenant(), stored.key())));
    }
    gateway.replace(holdings);
  }

  private Optional<TenantSpec> find(String tenant) {
    return tenants.stream().filter(spec -> spec.tenant().name().equals(tenant)).findFirst();
  }

  @Override
  public synchronized List<Described> keys(String tenant) {
    Optional<TenantSpec> spec = find(tenant);
    KeyFile file = store.content();
    Map<String, Instant> uses = uses(file);
    Instant now = clock.instant();
    Stream<Described> written =
        spec.stream()
            .flatMap(one -> one.keys().stream())
            .map(key -> described(key, Optional.empty(), uses, key.validAt(now)));
    Stream<Described> stored =
        file.keys().stream()
            .filter(key -> key.tenant().equals(tenant))
            .map(key ->
                described(
                    key.key(),
                    Optional.of(key.created()),
                    uses,
                    spec.isPresent() && key.key().validAt(now)));
    List<Described> all = Stream.concat(written, stored).toList();
    if (spec.isEmpty() && all.isEmpty()) {
      throw unknown(tenant);
    }
    return all;
  }

  private static Described described(
      TenantKey key, Optional<Instant> created, Map<String, Instant> uses, boolean valid) {
    return new Described(
        key.name(),
        created.isPresent() ? Origin.COMMAND : Origin.RESOURCE,
        created,
        key.expires(),
        Optional.ofNullable(uses.get(key.sha256())),
        valid);
  }

  @Override
  public synchronized Created create(String tenant, Optional<String> name, Validity validity) {
    TenantSpec spec = find(tenant).orElseThrow(() -> unknown(tenant));
    // People read it, and write it into files.
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Optional<Instant> expires = end(validity, now);
    if (expires.isPresent() && !expires.orElseThrow().isAfter(now)) {
      throw new RefusedException(
          "A key that expires at %s would not be valid now.".formatted(expires.orElseThrow()));
    }
    SecretKey key = SecretKey.make(random);
    KeyFile after =
        store.update(file -> {
          String given =
              name.map(wanted -> free(wanted, spec, file)).orElseGet(() -> any(spec, file));
          return file.with(new StoredKey(tenant, new TenantKey(given, key.sha256(), expires), now));
        });
    String given = after.keys().getLast().key().name();
    publish();
    note("KeyCreated", tenant, "key %s%s".formatted(given, until(expires)));
    return new Created(given, key, expires);
  }

  private static Optional<Instant> end(Validity validity, Instant now) {
    return switch (validity) {
      case Validity.Unlimited() -> Optional.empty();
      case Validity.Until(Instant end) -> Optional.of(end);
      case Validity.For(Duration length) -> Optional.of(now.plus(length));
    };
  }

  private static String until(Optional<Instant> expires) {
    return expires.map(" until %s"::formatted).orElse(", which does not expire");
  }

  private static String free(String name, TenantSpec spec, KeyFile file) {
    if (!ResourceNames.isSubdomain(name)) {
      throw new RefusedException(
          "`%s` is no name for a key (lower-case letters, digits, '-' and '.'): take `%s`."
              .formatted(
                  name.length() <= 60 ? name : name.substring(0, 60), ResourceNames.slug(name)));
    }
    if (taken(name, spec, file)) {
      throw new RefusedException(
          "Tenant `%s` has a key `%s` already: choose another name, revoke the old one later."
              .formatted(spec.tenant().name(), name));
    }
    return name;
  }

  private static String any(TenantSpec spec, KeyFile file) {
    return IntStream.iterate(1, i -> i + 1)
        .mapToObj(i -> "key-" + i)
        .filter(name -> !taken(name, spec, file))
        .findFirst()
        .orElseThrow();
  }

  private static boolean taken(String name, TenantSpec spec, KeyFile file) {
    return spec.keys().stream().anyMatch(key -> key.name().equals(name))
        || file.find(spec.tenant().name(), name).isPresent();
  }

  @Override
  public synchronized String revoke(String tenant, String name, Duration after) {
    Instant now = clock.instant();
    Instant end = now.plus(after);
    KeyFile left =
        store.update(file -> {
          StoredKey old = file.find(tenant, name).orElseThrow(() -> noKey(tenant, name, file));
          Instant until = old.key().expires().filter(earlier -> earlier.isBefore(end)).orElse(end);
          return until.isAfter(now)
              ? file.with(
                  new StoredKey(
                      tenant,
                      new TenantKey(name, old.key().sha256(), Optional.of(until)),
                      old.created()))
              : file.without(tenant, name);
        });
    publish();
    Optional<Instant> ends = left.find(tenant, name).flatMap(kept -> kept.key().expires());
    if (ends.isPresent()) {
      note("KeyExpires", tenant, "key %s ends at %s".formatted(name, ends.orElseThrow()));
      return "Key `%s` of tenant `%s` is valid until %s."
          .formatted(name, tenant, ends.orElseThrow());
    }
    note("KeyRevoked", tenant, "key %s".formatted(name));
    return "Key `%s` of tenant `%s` is revoked; requests that run are finished."
        .formatted(name, tenant);
  }

  private RefusedException noKey(String tenant, String name, KeyFile file) {
    Optional<TenantSpec> spec = find(tenant);
    if (spec.stream()
        .flatMap(one -> one.keys().stream())
        .anyMatch(key -> key.name().equals(name))) {
      return new RefusedException(
          "The key `%s` stands in the resource of tenant `%s`: take it out there, or set its expires."
              .formatted(name, tenant));
    }
    boolean known =
        spec.isPresent() || file.keys().stream().anyMatch(key -> key.tenant().equals(tenant));
    return known
        ? new RefusedException(
            "Tenant `%s` has no key `%s`: see `fairlead tenant key list %s`."
                .formatted(tenant, name, tenant))
        : unknown(tenant);
  }

  private RefusedException unknown(String tenant) {
    List<String> names = tenants.stream().map(spec -> spec.tenant().name()).toList();
    return new RefusedException(
        names.isEmpty()
            ? "There is no tenant `%s`, and no other: apply a resource of kind Tenant first."
                .formatted(tenant)
            : "There is no tenant `%s`; there are %s.".formatted(tenant, String.join(", ", names)));
  }

  private void note(String reason, String tenant, String message) {
    journal.note(new Note(Note.Severity.NORMAL, reason, "Tenant/" + tenant, message));
  }
}
