package dev.fairlead.dataplane.limits;

import dev.fairlead.core.admit.Account.Booking;
import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Limit;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Standing;
import dev.fairlead.core.admit.Tally;
import dev.fairlead.core.admit.Tally.Use;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.admit.WindowShape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/// Translates between the words of `core.admit` and the scripts: their keys, arguments and answers.
/// Immutable; safe for every thread.
final class RedisAccounts {
  /// A day and what clocks may differ: as long as a day's tokens are needed.
  private static final Duration KEPT = Duration.ofHours(25);

  /// Accounts that one beat tells at most; the rest comes with the next one.
  private static final int TOLD_AT_ONCE = 500;

  private static final Limit[] LIMITS = {
    Limit.REQUESTS_PER_MINUTE, Limit.TOKENS_PER_MINUTE, Limit.CONCURRENCY, Limit.TOKENS_PER_DAY
  };

  private final RedisLimitOptions options;
  private final WindowShape shape;

  RedisAccounts(RedisLimitOptions options) {
    this.options = options;
    this.shape = options.shape();
  }

  /// What a beat has brought.
  ///
  /// @param told until when changes were told
  record Beat(Instant now, long told, int gateways, Map<String, Tally> accounts) {}

  CompletionStage<List<Object>> reserve(RedisSession session, Ask ask, String id) {
    Limits limits = ask.limits();
    List<String> arguments = arguments(ask.tenant());
    arguments.add(number(limits.requestsPerMinute()));
    arguments.add(number(limits.tokensPerMinute()));
    arguments.add(Integer.toString(limits.concurrency().orElse(-1)));
    arguments.add(number(limits.tokensPerDay()));
    arguments.add(Long.toString(ask.tokens()));
    arguments.add(id);
    arguments.add(Long.toString(options.lease().toMillis()));
    return session.run(Script.RESERVE, keys(ask.tenant()), arguments);
  }

  /// The verdict that Redis gave.
  Verdict verdict(Ask ask, List<Object> answer, BiFunction<Instant, Long, Reservation> booked) {
    Standing standing =
        new Standing(
            rate(ask.limits().requestsPerMinute(), answer, 4),
            rate(ask.limits().tokensPerMinute(), answer, 6));
    int refusedBy = (int) number(answer, 0);
    if (refusedBy == 0) {
      Instant at = Instant.ofEpochMilli(number(answer, 3));
      return new Verdict.Admitted(booked.apply(at, ask.tokens()), standing);
    }
    long wait = number(answer, 1);
    return new Verdict.Refused(
        LIMITS[refusedBy - 1],
        wait < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(wait)),
        number(answer, 2),
        standing);
  }

  CompletionStage<List<Object>> settle(RedisSession session, TenantUse.Ended ended) {
    Booking booking = ended.booking();
    List<String> arguments = arguments(ended.tenant());
    arguments.add(ended.id());
    arguments.add(Long.toString(booking.at().toEpochMilli()));
    arguments.add(Long.toString(booking.tokens()));
    arguments.add(Long.toString(ended.taken()));
    return session.run(Script.SETTLE, keys(ended.tenant()), arguments);
  }

  /// @param memoryLost whether Redis does not know any more what it told
  CompletionStage<List<Object>> restore(
      RedisSession session, String tenant, TenantUse.Debt debt, boolean memoryLost) {
    List<String> arguments = arguments(tenant);
    arguments.add(memoryLost ? "1" : "0");
    for (Tally tally : List.of(debt.told(), debt.owed())) {
      arguments.add(Long.toString(tally.day()));
      arguments.add(Long.toString(tally.dayTokens()));
    }
    TreeMap<Long, Use> buckets = new TreeMap<>(debt.owed().buckets());
    if (memoryLost) {
      buckets.putAll(debt.told().buckets());
    }
    for (long bucket : buckets.keySet()) {
      arguments.add(Long.toString(bucket));
      for (Use use : List.of(debt.told().at(bucket), debt.owed().at(bucket))) {
        arguments.add(Long.toString(use.requests()));
        arguments.add(Long.toString(use.tokens()));
      }
    }
    return session.run(Script.RESTORE, keys(tenant), arguments);
  }

  /// Keeps the places of requests that run until `end`.
  CompletionStage<Long> lease(
      RedisSession session, String tenant, List<String> running, Instant end) {
    return session.score(leases(tenant), (double) end.toEpochMilli(), running);
  }

  /// @param since as the last one has told
  CompletionStage<Beat> beat(RedisSession session, String gateway, long since) {
    return session
        .run(
            Script.BEAT,
            List.of(gateways(), active()),
            List.of(
                gateway,
                Long.toString(options.beat().toMillis() * 5),
                Long.toString(since),
                account(""),
                Long.toString(KEPT.toMillis()),
                Integer.toString(TOLD_AT_ONCE)))
        .thenApply(this::beat);
  }

  CompletionStage<Long> leave(RedisSession session, String gateway) {
    return session.remove(gateways(), gateway);
  }

  private Beat beat(List<Object> answer) {
    Map<String, Tally> accounts = new TreeMap<>();
    for (int i = 3; i < answer.size(); i += 2) {
      accounts.put((String) answer.get(i), tally((List<?>) answer.get(i + 1)));
    }
    return new Beat(
        Instant.ofEpochMilli(number(answer, 0)),
        number(answer, 1),
        (int) Math.max(1, number(answer, 2)),
        accounts);
  }

  /// An account as the scripts keep it: names and values in turn.
  private Tally tally(List<?> fields) {
    Tally tally = new Tally(shape);
    long day = 0;
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      String name = (String) fields.get(i);
      long value = Long.parseLong((String) fields.get(i + 1));
      switch (name) {
        case "b", "rs", "ts" -> {}
        case "d" -> day = value;
        case "dt" -> tally.addDay(day, value);
        default -> {
          long bucket = Long.parseLong(name.substring(1));
          tally.addBucket(bucket, name.charAt(0) == 'r' ? new Use(value, 0) : new Use(0, value));
        }
      }
    }
    return tally;
  }

  private List<String> keys(String tenant) {
    return List.of(account(tenant), leases(tenant), active());
  }

  private List<String> arguments(String tenant) {
    List<String> arguments = new ArrayList<>(16);
    arguments.add(Long.toString(shape.length().toMillis() / shape.buckets()));
    arguments.add(Integer.toString(shape.buckets()));
    arguments.add(tenant);
    arguments.add(Long.toString(KEPT.toMillis()));
    return arguments;
  }

  private String account(String tenant) {
    return options.prefix() + "account:" + tenant;
  }

  private String leases(String tenant) {
    return options.prefix() + "running:" + tenant;
  }

  private String active() {
    return options.prefix() + "active";
  }

  private String gateways() {
    return options.prefix() + "gateways";
  }

  private static Optional<Standing.Rate> rate(OptionalLong limit, List<Object> answer, int at) {
    return limit.isPresent()
        ? Optional.of(
            new Standing.Rate(
                limit.getAsLong(),
                limit.getAsLong() - number(answer, at),
                Duration.ofMillis(number(answer, at + 1))))
        : Optional.empty();
  }

  private static String number(OptionalLong limit) {
    return Long.toString(limit.orElse(-1));
  }

  private static long number(List<Object> answer, int at) {
    return (Long) answer.get(at);
  }
}
