package dev.fairlead.app.config;

import dev.fairlead.api.DurationText;
import dev.fairlead.core.route.ReplicaHealth;
import dev.fairlead.core.route.RetryBudget;
import dev.fairlead.dataplane.gateway.Resilience;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/// What is done about replicas that fail.
public record Failures(Resilience resilience) {
  private static final Resilience DEFAULTS = Resilience.defaults();
  private static final RetryBudget.Policy RETRIES = DEFAULTS.retries();
  private static final ReplicaHealth.Policy EJECTION = DEFAULTS.ejection();
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MANY = 1_000;

  private static final Option<BigDecimal> RETRY_SHARE =
      Option.of(
              "retryShare",
              OptionTypes.share(),
              "Of the requests, so many may be sent again because a replica failed under them.")
          .byDefault(BigDecimal.valueOf(RETRIES.share()));
  private static final Option<Integer> SPARE_RETRIES =
      Option.of(
              "spareRetries",
              OptionTypes.whole(0, MANY),
              "So many more retries are there at once, and come back at one a second: a crash on a"
                  + " quiet gateway costs nobody anything. 0 here and in `retryShare`: none at all.")
          .byDefault(RETRIES.floor());
  private static final Option<Long> REPLAY_BYTES =
      Option.of(
              "replayBytes",
              OptionTypes.size(0, 1L << 40),
              "The bodies of all requests that wait for their answer to begin are kept in so much"
                  + " memory; a request beyond it is sent once. Above 256Mi raise"
                  + " `-XX:MaxDirectMemorySize` in `FAIRLEAD_JAVA_OPTS` to twice as much.")
          .byDefault(DEFAULTS.replayBytes());
  private static final Option<Integer> EJECT_AFTER =
      Option.of(
              "ejectAfter",
              OptionTypes.whole(1, MANY),
              "A replica under which so many requests failed in a row is left out for a while.")
          .byDefault(EJECTION.failures());
  private static final Option<Duration> EJECT_FOR =
      Option.of(
              "ejectFor",
              OptionTypes.duration(Duration.ofMillis(100), DAY),
              "How long for the first time; then one request finds out. Each further time twice as"
                  + " long.")
          .byDefault(EJECTION.first());
  private static final Option<Duration> EJECT_FOR_AT_MOST =
      Option.of(
              "ejectForAtMost",
              OptionTypes.duration(Duration.ofMillis(100), DAY),
              "And never longer than this.")
          .byDefault(EJECTION.longest());

  /// The section `failures`.
  public static final Section<Failures> SECTION =
      Section.of(
          "failures",
          "What is done about replicas that fail; see faults.md.",
          List.of(
              RETRY_SHARE, SPARE_RETRIES, REPLAY_BYTES, EJECT_AFTER, EJECT_FOR, EJECT_FOR_AT_MOST),
          Failures::of);

  private static Failures of(Values values) {
    int spare = values.get(SPARE_RETRIES);
    Duration first = values.get(EJECT_FOR);
    Duration longest = values.get(EJECT_FOR_AT_MOST);
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "`ejectForAtMost` is shorter than `ejectFor`: %s, %s"
              .formatted(DurationText.format(longest), DurationText.format(first)));
    }
    return new Failures(
        DEFAULTS
            .withReplayBytes(values.get(REPLAY_BYTES))
            .withRetries(
                new RetryBudget.Policy(
                    values.get(RETRY_SHARE).doubleValue(),
                    spare,
                    RETRIES.refill(),
                    Math.max(spare, RETRIES.cap())))
            .withEjection(new ReplicaHealth.Policy(values.get(EJECT_AFTER), first, longest)));
  }
}
