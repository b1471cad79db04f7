package dev.fairlead.core.usage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// Which requests are summed up, and by what.
///
/// @param from arrived then or later
/// @param until arrived before
/// @param by in the order of {@link Dimension}; empty sums up everything
/// @param most so many groups at most; with more the ledger refuses, for a bill that lacks rows
///   looks like one that is complete
public record UsageQuery(Instant from, Instant until, Set<Dimension> by, int most) {
  public UsageQuery {
    requireNonNull(from, "from is null");
    requireNonNull(until, "until is null");
    EnumSet<Dimension> ordered = EnumSet.noneOf(Dimension.class);
    ordered.addAll(by);
    by = Collections.unmodifiableSet(ordered);
    if (most <= 0) {
      throw new IllegalArgumentException("most is not positive: " + most);
    }
  }

  /// The same, also by the model: prices are the models'.
  public UsageQuery alsoByModel() {
    EnumSet<Dimension> more = EnumSet.of(Dimension.MODEL);
    more.addAll(by);
    return new UsageQuery(from, until, more, most);
  }
}
