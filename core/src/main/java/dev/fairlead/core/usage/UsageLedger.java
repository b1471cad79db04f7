package dev.fairlead.core.usage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Keeps a row for every request, durably, and sums them up. Safe for every thread. `record` never
/// blocks and never throws, so that an event loop may call it; the other methods ask a database and
/// may take seconds.
public interface UsageLedger extends AutoCloseable {

  /// What became of the rows since the start.
  ///
  /// @param written those that are in the database, or were there already
  /// @param lost those that will never be: there was no room while the database was away or slow,
  ///   or it refused them
  /// @param waiting those that are still to be written
  record State(long written, long lost, long waiting) {}

  /// The database does not answer, or refuses, in words for the operator.
  final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// There are more groups than the query wants to have, in words for the user.
  final class TooManyGroupsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooManyGroupsException(int most) {
      super("there are more than %,d groups: ask for a shorter time, or by less".formatted(most));
    }
  }

  /// Takes a row. It is written within a second while the database answers; a row that was taken
  /// before is not taken twice.
  void record(UsageRow row);

  /// One sum for each group that has requests, in no particular order. Every row that was recorded
  /// before the call counts, as long as the database keeps up.
  ///
  /// @throws UnavailableException when the database does not answer
  /// @throws TooManyGroupsException when there are more groups than `query.most()`
  List<UsageSum> sums(UsageQuery query);

  /// The tokens, prompt and completion, of a tenant's requests that arrived since then. With the
  /// start of the day, this is what is gone of a daily budget.
  ///
  /// @throws UnavailableException when the database does not answer
  long tokensSince(String tenant, Instant from);

  /// The same for every tenant that has requests since then, in one question.
  ///
  /// @throws UnavailableException when the database does not answer
  default Map<String, Long> tokensSince(Instant from) {
    return sums(new UsageQuery(from, Instant.MAX, Set.of(Dimension.TENANT), Integer.MAX_VALUE))
        .stream()
        .collect(
            Collectors.toUnmodifiableMap(
                sum -> sum.group().getOrDefault(Dimension.TENANT, ""),
                sum -> sum.counts().tokens()));
  }

  State state();

  /// Writes what waits, for as long as a few seconds, and ends.
  @Override
  void close();
}
