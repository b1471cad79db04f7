package dev.fairlead.core.admit;

import java.util.Objects;

/// One request that wants to be admitted.
///
/// @param tenant whose limits count; several keys share them
/// @param limits as they are now, so that a change needs no restart
/// @param tokens that it may take at most, as far as one can know: prompt and completion
public record Ask(String tenant, Limits limits, long tokens) {
  public Ask {
    if (tenant.isBlank()) {
      throw new IllegalArgumentException("tenant is blank");
    }
    Objects.requireNonNull(limits, "limits is null");
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens is negative: " + tokens);
    }
  }
}
