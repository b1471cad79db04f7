package dev.fairlead.api;

import java.time.Instant;
import java.util.List;

/// The rule for conditions over time: `lastTransitionTime` moves only when the status does.
public final class Conditions {
  private Conditions() {}

  /// The conditions to publish: those of `next`, which is complete (a type that it lacks is gone).
  /// One whose status was the same in `old` keeps that time, any other gets `now`; the times in
  /// `next` do not matter. An equal result need not be written.
  public static List<Condition> merge(List<Condition> old, List<Condition> next, Instant now) {
    return next.stream()
        .map(condition ->
            condition.since(
                old.stream()
                    .filter(earlier -> earlier.type().equals(condition.type()))
                    .filter(earlier -> earlier.status() == condition.status())
                    .findFirst()
                    .map(Condition::lastTransitionTime)
                    .orElse(now)))
        .toList();
  }
}
