package dev.fairlead.app.cli;

import dev.fairlead.api.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads how long a key shall live: `90d`, or any duration of a resource. Every method is a
/// function of its arguments.
final class Lifetimes {
  private static final Pattern DAYS = Pattern.compile("(\\d{1,5})d");

  private Lifetimes() {}

  static Optional<Duration> duration(String text) {
    Matcher days = DAYS.matcher(text);
    return days.matches()
        ? Optional.of(Duration.ofDays(Integer.parseInt(days.group(1))))
        : DurationText.parse(text).filter(time -> time.toDays() < 100_000);
  }
}
