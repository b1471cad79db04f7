package dev.fairlead.core.admit;

import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;

/// What tenants had used of their day's tokens before this process began, so that a restart hands
/// out no budget twice.
///
/// @param day of UTC; on another day it counts for nothing
/// @param tokens by tenant
public record OpeningBalance(LocalDate day, Map<String, Long> tokens) {
  /// Nothing is known of earlier use.
  public static final OpeningBalance NONE = new OpeningBalance(LocalDate.EPOCH, Map.of());

  public OpeningBalance {
    Objects.requireNonNull(day, "day is null");
    tokens = Map.copyOf(tokens);
    tokens.forEach((tenant, used) -> {
      if (used < 0) {
        throw new IllegalArgumentException("tokens of %s is negative: %d".formatted(tenant, used));
      }
    });
  }

  /// Adds what a tenant had used to a tally.
  public void addTo(Tally tally, String tenant) {
    tally.addDay(day.toEpochDay(), tokens.getOrDefault(tenant, 0L));
  }

  public long of(String tenant, LocalDate today) {
    return day.equals(today) ? tokens.getOrDefault(tenant, 0L) : 0;
  }
}
