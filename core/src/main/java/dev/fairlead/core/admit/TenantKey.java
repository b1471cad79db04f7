package dev.fairlead.core.admit;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// A key of a tenant, of which only the hash is known.
///
/// @param name tells the keys of a tenant apart; it is in the ledger
/// @param sha256 of the key in UTF-8, as 64 hexadecimal digits in lower case
/// @param expires from then on the key is not valid; empty for never
public record TenantKey(String name, String sha256, Optional<Instant> expires) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public TenantKey {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is blank");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("sha256 is not 64 hex digits: " + sha256.length());
    }
    Objects.requireNonNull(expires, "expires is null");
  }

  public boolean validAt(Instant now) {
    return expires.isEmpty() || now.isBefore(expires.orElseThrow());
  }

  /// Without the hash, which has no place in a log.
  @Override
  public String toString() {
    return "TenantKey[name=%s, expires=%s]".formatted(name, expires);
  }
}
