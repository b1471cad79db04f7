package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.dataplane.net.BearerToken;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Finds the tenant of a key. Any thread may ask, and any thread may put other keys in their place:
/// a request that has begun keeps the caller it has.
///
/// A key is looked up by the first 8 bytes of its SHA-256. That this takes longer for some than for
/// others tells nothing that helps: whoever can choose the digest of a guess can invert SHA-256.
/// The whole digests are then compared in constant time. An unknown key costs its hash and one
/// look-up.
public final class TenantKeys implements CallerKeys {
  private static final long NEVER = Long.MAX_VALUE;

  /// A use is noted once in this time, so that a busy key is not written to by every request.
  private static final long USE_STEP_MILLIS = 1_000;

  private final InstantSource clock;
  private volatile Map<Long, List<Entry>> entries = Map.of();

  public TenantKeys(InstantSource clock) {
    this.clock = clock;
  }

  /// A key and whom it belongs to.
  public record Holding(Tenant tenant, TenantKey key) {}

  /// One key, as it is looked up.
  private static final class Entry {
    final String sha256;
    final byte[] digest;
    final Caller caller;

    /// Milliseconds since the epoch.
    final long expires;

    /// Likewise; 0 for never.
    final AtomicLong used;

    Entry(Holding holding, AtomicLong used) {
      TenantKey key = holding.key();
      this.sha256 = key.sha256();
      this.digest = HexFormat.of().parseHex(key.sha256());
      this.caller = new Caller(holding.tenant(), key.name());
      this.expires = key.expires().map(TenantKeys::millis).orElse(NEVER);
      this.used = used;
    }
  }

  /// Puts these keys in the place of all others; of two with one hash the first counts.
  public synchronized void replace(List<Holding> holdings) {
    Map<String, AtomicLong> uses = new HashMap<>();
    entries.values().forEach(list -> list.forEach(old -> uses.put(old.sha256, old.used)));
    Map<Long, List<Entry>> next = new HashMap<>();
    for (Holding holding : holdings) {
      AtomicLong used =
          Optional.ofNullable(uses.get(holding.key().sha256())).orElseGet(AtomicLong::new);
      Entry entry = new Entry(holding, used);
      List<Entry> same = next.computeIfAbsent(prefix(entry.digest), _ -> new ArrayList<>(1));
      if (same.stream().noneMatch(other -> other.sha256.equals(entry.sha256))) {
        same.add(entry);
      }
    }
    entries = Map.copyOf(next);
  }

  @Override
  public Optional<Caller> find(@Nullable String authorization) {
    return entries.isEmpty()
        ? Optional.empty()
        : BearerToken.digest(authorization).flatMap(this::findDigest);
  }

  /// The owner of the key that has this SHA-256; empty for a key that is unknown or has expired.
  Optional<Caller> findDigest(byte[] digest) {
    Entry entry = entry(digest);
    if (entry == null) {
      return Optional.empty();
    }
    long now = clock.millis();
    if (now >= entry.expires) {
      return Optional.empty();
    }
    if (now - entry.used.getPlain() >= USE_STEP_MILLIS) {
      entry.used.setOpaque(now);
    }
    return Optional.of(entry.caller);
  }

  @Override
  public Optional<Caller> expired(@Nullable String authorization) {
    return BearerToken.digest(authorization)
        .map(this::entry)
        .filter(entry -> clock.millis() >= entry.expires)
        .map(entry -> entry.caller);
  }

  private @Nullable Entry entry(byte[] digest) {
    for (Entry entry : entries.getOrDefault(prefix(digest), List.of())) {
      if (MessageDigest.isEqual(entry.digest, digest)) {
        return entry;
      }
    }
    return null;
  }

  /// When each key was last used, by its SHA-256, as far as it was since it came here.
  public Map<String, Instant> lastUses() {
    Map<String, Instant> uses = new HashMap<>();
    for (List<Entry> list : entries.values()) {
      for (Entry entry : list) {
        long used = entry.used.getOpaque();
        if (used > 0) {
          uses.put(entry.sha256, Instant.ofEpochMilli(used));
        }
      }
    }
    return uses;
  }

  private static long prefix(byte[] digest) {
    return ByteBuffer.wrap(digest).getLong();
  }

  /// An expiry further away than milliseconds reach is none.
  private static long millis(Instant expires) {
    try {
      return expires.toEpochMilli();
    } catch (ArithmeticException _) {
      return expires.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : NEVER;
    }
  }
}
