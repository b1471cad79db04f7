package dev.fairlead.api;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// Moments as users write them: RFC 3339 with its offset, such as `2026-12-31T18:00:00Z`, or a date
/// such as `2026-12-31`, which stands for its end in UTC.
public final class TimeText {
  private static final int DATE_LENGTH = "2026-12-31".length();

  private TimeText() {}

  /// Reads a moment; empty where `text` is none.
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(
          text.length() == DATE_LENGTH
              ? LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
