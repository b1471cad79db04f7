package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds who a key belongs to. Safe for every thread; the keys may change at any time.
@FunctionalInterface
public interface CallerKeys {
  /// The owner of the key in an `Authorization` header; empty without a valid one.
  Optional<Caller> find(@Nullable String authorization);

  /// The owner of a key that is no longer valid, where that is known. For whoever looks after the
  /// door; its client must not learn it.
  default Optional<Caller> expired(@Nullable String authorization) {
    return Optional.empty();
  }
}
