package dev.fairlead.app.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The keys of an installation's tenants, as its doors see them. Safe for every thread; a change is
/// on the disk when the method returns. A refusal is an `Installation.RefusedException`.
public interface TenantKeyring {

  /// Where a key comes from.
  enum Origin {
    /// `fairlead tenant key create`.
    COMMAND,
    /// The Tenant's resource.
    RESOURCE
  }

  /// A key without its secret.
  ///
  /// @param created empty for one of a resource
  record Described(
      String name,
      Origin origin,
      Optional<Instant> created,
      Optional<Instant> expires,
      Optional<Instant> lastUsed,
      boolean valid) {}

  /// A key that was made just now. The secret is nowhere else.
  record Created(String name, SecretKey key, Optional<Instant> expires) {}

  /// How long a key shall be valid.
  sealed interface Validity {
    /// Until it is revoked.
    record Unlimited() implements Validity {}

    record Until(Instant end) implements Validity {}

    /// From now.
    record For(Duration length) implements Validity {}
  }

  /// The keys of a tenant, also of one that is gone but has left some.
  ///
  /// @throws Installation.RefusedException when there is neither
  List<Described> keys(String tenant);

  /// Makes a key.
  ///
  /// @param name empty for one that is made up
  /// @throws Installation.RefusedException when there is no such tenant, when the name is taken or
  ///   no name, or when the key would have expired already
  Created create(String tenant, Optional<String> name, Validity validity);

  /// Ends a key, at once or after a while in which its successor is spread.
  ///
  /// @return one line that says what is now
  /// @throws Installation.RefusedException when there is no such key, or it stands in a resource
  String revoke(String tenant, String name, Duration after);
}
