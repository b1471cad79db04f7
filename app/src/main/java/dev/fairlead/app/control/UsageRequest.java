package dev.fairlead.app.control;

import dev.fairlead.api.DurationText;
import dev.fairlead.core.usage.Dimension;
import dev.fairlead.core.usage.UsageQuery;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Which usage somebody wants to see, in the words of the command line.
///
/// @param until empty for until now
/// @param by empty for everything together
public record UsageRequest(Moment since, Optional<Moment> until, Set<Dimension> by) {
  private static final int MOST_GROUPS = 10_000;
  private static final Pattern DAYS = Pattern.compile("\\d{1,5}d");

  public UsageRequest {
    by = Set.copyOf(by);
  }

  /// A moment, as it is written.
  public sealed interface Moment {
    /// So long before now, such as `30d` or `1h30m`.
    record Ago(Duration time) implements Moment {}

    /// A day of UTC such as `2026-11-24`, which is its beginning, or an instant such as
    /// `2026-11-24T08:00:00Z`.
    record At(Instant instant) implements Moment {}

    /// Reads one; empty where `text` is none.
    static Optional<Moment> parse(String text) {
      if (DAYS.matcher(text).matches()) {
        long days = Long.parseLong(text.substring(0, text.length() - 1));
        return Optional.of(new Ago(Duration.ofDays(days)));
      }
      Optional<Duration> ago = DurationText.parse(text);
      if (ago.isPresent()) {
        return Optional.of(new Ago(ago.get()));
      }
      try {
        return Optional.of(
            new At(
                text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()));
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }

    private Instant at(Instant now) {
      return switch (this) {
        case Ago(Duration time) -> now.minus(time);
        case At(Instant instant) -> instant;
      };
    }
  }

  /// Reads what a request to the control port has; an empty text means the default.
  ///
  /// @throws IllegalArgumentException with what is wrong, for the user
  static UsageRequest parse(String since, String until, String by) {
    return new UsageRequest(
        moment("since", since.isEmpty() ? "30d" : since),
        until.isEmpty() ? Optional.empty() : Optional.of(moment("until", until)),
        dimensions(by));
  }

  private static Moment moment(String name, String text) {
    return Moment.parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s is a time such as `30d`, `12h` or `2026-11-24`, not `%s`"
                    .formatted(name, text)));
  }

  private static Set<Dimension> dimensions(String words) {
    Set<Dimension> by = EnumSet.noneOf(Dimension.class);
    for (String word : words.split(",", -1)) {
      String name = word.strip();
      if (!name.isEmpty()) {
        by.add(
            Dimension.ofWord(name)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "usage is by day, tenant, key, model, version and user, not by `%s`"
                            .formatted(name))));
      }
    }
    return by;
  }

  /// The question to the ledger. A row has its time of arrival, which is never later than now.
  public UsageQuery query(Instant now) {
    return new UsageQuery(
        since.at(now), until.map(end -> end.at(now)).orElse(Instant.MAX), by, MOST_GROUPS);
  }
}
