package dev.fairlead.core.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Account.Booking;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether a tenant's request fits under its limits.
final class AccountTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Account account = new Account(WindowShape.MINUTE);

  @Test
  void withoutLimitsEverythingFits() {
    account.book(ask(Limits.NONE, 1_000_000), START);

    assertThat(account.refusal(ask(Limits.NONE, 1_000_000), START)).isEmpty();
    assertThat(account.standing(Limits.NONE, START)).isEqualTo(Standing.UNLIMITED);
  }

  @Test
  void requestsOfAMinuteAreCountedAndTheRestIsToldWhen() {
    Limits limits = limits(2, 0, 0, 0);
    admit(limits, 10, START);
    admit(limits, 10, START.plusSeconds(20));

    Verdict.Refused refused = refused(limits, 10, START.plusSeconds(30));

    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS_PER_MINUTE);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(31));
    assertThat(refused.standing().requests())
        .contains(new Standing.Rate(2, 0, Duration.ofSeconds(51)));
    assertThat(refused.standing().tokens()).isEmpty();
    assertThat(account.refusal(ask(limits, 10), START.plusSeconds(61))).isEmpty();
  }

  @Test
  void tokensThatWereReservedAndNotTakenAreThereAgain() {
    Limits limits = limits(0, 1_000, 0, 0);
    Booking booking = admit(limits, 900, START);
    assertThat(refused(limits, 200, START).limit()).isEqualTo(Limit.TOKENS_PER_MINUTE);

    account.settle(booking, 100, START.plusSeconds(5));

    assertThat(account.refusal(ask(limits, 900), START.plusSeconds(5))).isEmpty();
    assertThat(refused(limits, 901, START.plusSeconds(5)).left()).isEqualTo(900);
  }

  @Test
  void tokensBeyondTheReservationCountFromTheEnd() {
    Limits limits = limits(0, 1_000, 0, 0);
    Booking booking = admit(limits, 100, START);

    account.settle(booking, 950, START.plusSeconds(50));

    assertThat(refused(limits, 101, START.plusSeconds(50)).retryAfter())
        .as("only the 100 are forgotten first")
        .contains(Duration.ofSeconds(11));
    assertThat(refused(limits, 200, START.plusSeconds(100)).left()).isEqualTo(150);
  }

  @Test
  void aRequestLargerThanTheLimitIsNeverToldToWait() {
    Verdict.Refused refused = refused(limits(0, 1_000, 0, 0), 1_001, START);

    assertThat(refused.limit()).isEqualTo(Limit.TOKENS_PER_MINUTE);
    assertThat(refused.retryAfter()).isEmpty();
  }

  @Test
  void aPlaceIsFreeWhenARequestHasEnded() {
    Limits limits = limits(0, 0, 1, 0);
    Booking booking = admit(limits, 10, START);
    assertThat(refused(limits, 10, START.plusSeconds(600)).limit()).isEqualTo(Limit.CONCURRENCY);

    account.settle(booking, 10, START.plusSeconds(600));

    assertThat(account.refusal(ask(limits, 10), START.plusSeconds(600))).isEmpty();
  }

  @Test
  void aDayIsADayOfUtc() {
    Limits limits = limits(0, 0, 0, 1_000);
    Booking booking = admit(limits, 800, START);

    Verdict.Refused refused = refused(limits, 300, START.plusSeconds(3_600));
    assertThat(refused.limit()).isEqualTo(Limit.TOKENS_PER_DAY);
    assertThat(refused.limit().budget()).isTrue();
    assertThat(refused.retryAfter()).contains(Duration.ofHours(11));
    assertThat(refused.left()).isEqualTo(200);

    Instant tomorrow = Instant.parse("2026-03-02T00:00:00Z");
    assertThat(account.refusal(ask(limits, 1_000), tomorrow)).isEmpty();
    account.settle(booking, 10, tomorrow);
    assertThat(account.usedToday(tomorrow)).as("yesterday is not given back today").isZero();
  }

  @Test
  void theLimitThatRefusesForLongestIsTold() {
    Limits limits = limits(1, 100, 1, 1_000);
    admit(limits, 100, START);
    assertThat(refused(limits, 50, START).limit()).isEqualTo(Limit.TOKENS_PER_MINUTE);
    assertThat(refused(limits, 950, START).limit()).isEqualTo(Limit.TOKENS_PER_DAY);
    assertThat(refused(limits, 0, START).limit()).isEqualTo(Limit.REQUESTS_PER_MINUTE);
  }

  @Test
  void aRestartDoesNotHandTheDayOutAgain() {
    OpeningBalance balance = new OpeningBalance(LocalDate.of(2026, 3, 1), Map.of("team", 900L));
    account.open(balance, "team", START);

    assertThat(refused(limits(0, 0, 0, 1_000), 101, START).left()).isEqualTo(100);

    Account another = new Account(WindowShape.MINUTE);
    another.open(balance, "team", START.plus(Duration.ofDays(1)));
    assertThat(another.usedToday(START.plus(Duration.ofDays(1)))).as("another day").isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void tokensOfAMinuteNeverExceedTheLimitAndWhatWasInFlight(long seed) {
    Random random = new Random(seed);
    Limits limits = limits(50, 2_000, 6, 50_000);
    List<Booking> running = new ArrayList<>();
    List<long[]> taken = new ArrayList<>();
    Instant now = START;
    long today = 0;
    for (int step = 0; step < 5_000; step++) {
      now = now.plusMillis(random.nextInt(200));
      Ask ask = ask(limits, 1 + random.nextInt(400));
      if (account.refusal(ask, now).isEmpty()) {
        running.add(account.book(ask, now));
      }
      assertThat(account.running()).isEqualTo(running.size()).isLessThanOrEqualTo(6);
      if (!running.isEmpty() && random.nextBoolean()) {
        Booking booking = running.remove(random.nextInt(running.size()));
        long used = random.nextInt((int) booking.tokens() + 1);
        account.settle(booking, used, now);
        taken.add(new long[] {booking.at().toEpochMilli(), used});
        today += used;
      }
    }
    for (Booking booking : running) {
      account.settle(booking, 0, now);
    }

    assertThat(account.usedToday(now)).isEqualTo(today).isLessThanOrEqualTo(50_000);
    for (long[] last : taken) {
      long inMinute =
          taken.stream()
              .filter(use -> use[0] > last[0] - 60_000 && use[0] <= last[0])
              .mapToLong(use -> use[1])
              .sum();
      assertThat(inMinute).isLessThanOrEqualTo(2_000);
    }
  }

  private Booking admit(Limits limits, long tokens, Instant now) {
    Ask ask = ask(limits, tokens);
    assertThat(account.refusal(ask, now)).isEmpty();
    return account.book(ask, now);
  }

  private Verdict.Refused refused(Limits limits, long tokens, Instant now) {
    Optional<Verdict.Refused> refusal = account.refusal(ask(limits, tokens), now);
    assertThat(refusal).isPresent();
    return refusal.orElseThrow();
  }

  private static Ask ask(Limits limits, long tokens) {
    return new Ask("team", limits, tokens);
  }

  /// Zero is no limit.
  private static Limits limits(long requests, long tokens, int concurrency, long day) {
    return new Limits(
        requests > 0 ? OptionalLong.of(requests) : OptionalLong.empty(),
        tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty(),
        concurrency > 0 ? OptionalInt.of(concurrency) : OptionalInt.empty(),
        day > 0 ? OptionalLong.of(day) : OptionalLong.empty());
  }
}
