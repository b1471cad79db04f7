package dev.fairlead.core.admit;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Counts tokens over a day of UTC. Not safe for threads: its owner guards it.
final class DayBudget {
  private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

  private long day = Long.MIN_VALUE;
  private long used;

  long used(Instant now) {
    advance(now);
    return used;
  }

  void add(long tokens, Instant now) {
    advance(now);
    used = Math.max(0, used + tokens);
  }

  /// Changes what was used at an earlier moment; nothing when that was on another day.
  void correct(Instant then, long change, Instant now) {
    advance(now);
    if (number(then) == day) {
      used = Math.max(0, used + change);
    }
  }

  /// Until the next day begins.
  static Duration left(Instant now) {
    Instant next = Instant.ofEpochSecond((number(now) + 1) * DAY_SECONDS);
    return Duration.between(now, next);
  }

  static LocalDate date(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }

  private void advance(Instant now) {
    long today = number(now);
    if (today > day) {
      day = today;
      used = 0;
    }
  }

  static long number(Instant moment) {
    return Math.floorDiv(moment.getEpochSecond(), DAY_SECONDS);
  }
}
