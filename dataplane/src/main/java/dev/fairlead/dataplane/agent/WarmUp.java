package dev.fairlead.dataplane.agent;

import java.time.Duration;

/// The pace at which a started engine is asked whether it is healthy, and then for its first
/// answer.
///
/// @param firstPause after the first failed health check; doubled after each further one
/// @param lastPause what the pause grows to, and the pause after a failed warm-up
/// @param probe how long a health check may take
/// @param answer how long the first answer may take
public record WarmUp(Duration firstPause, Duration lastPause, Duration probe, Duration answer) {
  public WarmUp {
    Checks.positive(firstPause, "firstPause");
    Checks.positive(lastPause, "lastPause");
    Checks.positive(probe, "probe");
    Checks.positive(answer, "answer");
    if (lastPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "lastPause %s is shorter than firstPause %s".formatted(lastPause, firstPause));
    }
  }

  /// Pauses of 100 ms to 1 s, 5 s for a health check, 2 min for the first answer.
  public static WarmUp defaults() {
    return new WarmUp(
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMinutes(2));
  }

  /// The pause after `failures` failed checks in a row.
  Duration pause(int failures) {
    long factor = 1L << Math.min(20, Math.max(0, failures - 1));
    Duration grown = firstPause.multipliedBy(factor);
    return grown.compareTo(lastPause) < 0 ? grown : lastPause;
  }
}
