package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Caller;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds who a key belongs to. Safe for every thread; the keys may change at any time.
@FunctionalInterface
public interface CallerKeys {
  /// The owner of the key in an `Authorization` header; empty without a valid one.
  Optional<Caller> find(@Nullable String authorization);
}
