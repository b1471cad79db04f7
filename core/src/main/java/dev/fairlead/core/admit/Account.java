package dev.fairlead.core.admit;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// What one tenant has used, and whether one more request fits under its limits.
///
/// Tokens count from the moment of their reservation. What a request did not take of them is given
/// back to that moment; what it took beyond them counts from its end. So the tokens of any window
/// are at most the limit, and what requests in flight took beyond their reservations.
///
/// Not safe for threads: its owner guards it.
public final class Account {
  private final SlidingWindow requests;
  private final SlidingWindow tokens;
  private final DayBudget day = new DayBudget();
  private int running;

  /// What a request was admitted with.
  public record Booking(Instant at, long tokens) {
    public Booking {
      Objects.requireNonNull(at, "at is null");
    }
  }

  public Account(WindowShape shape) {
    requests = new SlidingWindow(shape);
    tokens = new SlidingWindow(shape);
  }

  /// The account by which one of several gateways goes on alone when they have lost their shared
  /// memory: with {@link Limits#share} it lets through its share of what was left. Together the
  /// shares are never more than that, whoever used how much before.
  ///
  /// @param told what all gateways had used when the memory was last heard
  public static Account share(WindowShape shape, Tally told, int gateways, Instant now) {
    Account account = new Account(shape);
    told.fill(account.requests, Tally.Use::requests, gateways);
    told.fill(account.tokens, Tally.Use::tokens, gateways);
    account.day.add(told.dayTokens(now, gateways), now);
    return account;
  }

  /// Takes over what this gateway alone has used, and how many of its requests run.
  public void take(Tally own, int runningNow, Instant now) {
    own.fill(requests, Tally.Use::requests, 1);
    own.fill(tokens, Tally.Use::tokens, 1);
    day.add(own.dayTokens(now, 1), now);
    running = runningNow;
  }

  /// Tokens of this day that were used before the account began.
  public void open(OpeningBalance balance, String tenant, Instant now) {
    day.add(balance.of(tenant, DayBudget.date(now)), now);
  }

  /// Why the request does not fit now; empty when it does.
  public Optional<Verdict.Refused> refusal(Ask ask, Instant now) {
    Limits limits = ask.limits();
    long leftToday = limits.tokensPerDay().orElse(Long.MAX_VALUE) - day.used(now);
    if (ask.tokens() > leftToday) {
      Optional<Duration> tomorrow = Optional.of(DayBudget.left(now));
      return refused(Limit.TOKENS_PER_DAY, tomorrow, leftToday, ask, now);
    }
    Optional<Duration> tokensFit = until(tokens, ask.tokens(), limits.tokensPerMinute(), now);
    Duration requestWait =
        until(requests, 1, limits.requestsPerMinute(), now).orElse(Duration.ZERO);
    Duration tokenWait = tokensFit.orElse(Duration.ofMillis(Long.MAX_VALUE));
    if (tokenWait.isPositive() && tokenWait.compareTo(requestWait) >= 0) {
      long left = limits.tokensPerMinute().orElse(0) - tokens.used(now);
      return refused(Limit.TOKENS_PER_MINUTE, tokensFit, left, ask, now);
    }
    if (requestWait.isPositive()) {
      return refused(Limit.REQUESTS_PER_MINUTE, Optional.of(requestWait), 0, ask, now);
    }
    if (running >= limits.concurrency().orElse(Integer.MAX_VALUE)) {
      return refused(Limit.CONCURRENCY, Optional.empty(), 0, ask, now);
    }
    return Optional.empty();
  }

  /// Takes in a request that fits.
  public Booking book(Ask ask, Instant now) {
    requests.add(1, now);
    tokens.add(ask.tokens(), now);
    day.add(ask.tokens(), now);
    running++;
    return new Booking(now, ask.tokens());
  }

  /// The request of a booking has ended and took so many tokens. To be called once for each.
  public void settle(Booking booking, long used, Instant now) {
    running--;
    long change = used - booking.tokens();
    if (change > 0) {
      tokens.add(change, now);
      day.add(change, now);
    } else if (change < 0) {
      tokens.correct(booking.at(), change, now);
      day.correct(booking.at(), change, now);
    }
  }

  public Standing standing(Limits limits, Instant now) {
    return new Standing(
        rate(requests, limits.requestsPerMinute(), now),
        rate(tokens, limits.tokensPerMinute(), now));
  }

  public int running() {
    return running;
  }

  /// Tokens that count for this day.
  public long usedToday(Instant now) {
    return day.used(now);
  }

  private Optional<Verdict.Refused> refused(
      Limit limit, Optional<Duration> retryAfter, long left, Ask ask, Instant now) {
    return Optional.of(new Verdict.Refused(limit, retryAfter, left, standing(ask.limits(), now)));
  }

  private static Optional<Duration> until(
      SlidingWindow window, long amount, OptionalLong limit, Instant now) {
    return limit.isPresent()
        ? window.until(amount, limit.getAsLong(), now)
        : Optional.of(Duration.ZERO);
  }

  private static Optional<Standing.Rate> rate(
      SlidingWindow window, OptionalLong limit, Instant now) {
    return limit.isPresent()
        ? Optional.of(
            new Standing.Rate(
                limit.getAsLong(), limit.getAsLong() - window.used(now), window.untilEmpty(now)))
        : Optional.empty();
  }
}
