package dev.fairlead.core.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How gateways that have lost their shared memory divide what was left.
final class ShareTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final WindowShape SHAPE = WindowShape.MINUTE;

  @Test
  void limitsAreDividedAndNoneBecomesNothing() {
    Limits limits =
        new Limits(
            OptionalLong.of(100), OptionalLong.of(2), OptionalInt.of(7), OptionalLong.empty());

    assertThat(limits.share(3))
        .isEqualTo(
            new Limits(
                OptionalLong.of(33), OptionalLong.of(1), OptionalInt.of(2), OptionalLong.empty()));
    assertThat(limits.share(1)).isEqualTo(limits);
  }

  @Test
  void aDayIsDividedWithWhatWasUsedOfIt() {
    Tally told = new Tally(SHAPE);
    told.add(START, 1, 400);
    Account account = Account.share(SHAPE, told, 3, START);

    assertThat(account.usedToday(START)).isEqualTo(134);
    Tally own = new Tally(SHAPE);
    own.add(START, 1, 10);
    account.take(own, 2, START);
    assertThat(account.usedToday(START)).isEqualTo(144);
    assertThat(account.running()).isEqualTo(2);
    assertThat(Account.share(SHAPE, told, 3, START.plus(Duration.ofDays(1))).usedToday(START))
        .as("another day")
        .isZero();
  }

  @Test
  void aTallyForgetsWhatIsOlderThanItsWindowAndItsDay() {
    Tally tally = new Tally(SHAPE);
    tally.add(START, 1, 10);
    tally.add(START.plusSeconds(61), 1, 5);
    assertThat(tally.buckets()).hasSize(1);
    assertThat(tally.dayTokens()).isEqualTo(15);

    tally.add(START.plus(Duration.ofDays(1)), 0, 1);
    tally.add(START, 0, -3);
    assertThat(tally.dayTokens()).isEqualTo(1);
    assertThat(tally.day()).isEqualTo(LocalDate.of(2026, 3, 2).toEpochDay());
  }

  @Test
  void anOpeningBalanceIsADebtOfItsDay() {
    Tally tally = new Tally(SHAPE);
    new OpeningBalance(LocalDate.of(2026, 3, 1), Map.of("team", 70L)).addTo(tally, "team");

    assertThat(Account.share(SHAPE, tally, 1, START).usedToday(START)).isEqualTo(70);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void togetherTheSharesNeverLetThroughMoreThanTheLimitInAnyMinute(long seed) {
    Random random = new Random(seed);
    int gateways = 1 + random.nextInt(5);
    long limit = random.nextLong(gateways, 400);
    Tally told = new Tally(SHAPE);
    SlidingWindow shared = new SlidingWindow(SHAPE);
    List<Instant> uses = new ArrayList<>();
    Instant now = START;
    while (now.isBefore(START.plusSeconds(90))) {
      now = now.plusMillis(random.nextInt(random.nextInt(9) == 0 ? 9_000 : 200));
      if (shared.until(1, limit, now).orElseThrow().isZero()) {
        shared.add(1, now);
        told.add(now, 1, 0);
        uses.add(now);
      }
    }
    long left = limit - shared.used(now);
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < gateways; i++) {
      accounts.add(Account.share(SHAPE, told, gateways, now));
    }
    Ask ask =
        new Ask(
            "team",
            new Limits(
                    OptionalLong.of(limit),
                    OptionalLong.empty(),
                    OptionalInt.empty(),
                    OptionalLong.empty())
                .share(gateways),
            0);
    assertThat(flood(accounts, ask, now, uses))
        .as("what is left is shared, less what cannot be divided")
        .isBetween(left - 2L * gateways, left);
    for (int step = 0; step < 300; step++) {
      now = now.plusMillis(random.nextInt(1_000));
      flood(accounts, ask, now, uses);
    }

    for (Instant last : uses) {
      Instant from = last.minusSeconds(60);
      assertThat(uses.stream().filter(use -> use.isAfter(from) && !use.isAfter(last)).count())
          .as("the minute before %s", last)
          .isLessThanOrEqualTo(limit);
    }
  }

  private static long flood(List<Account> accounts, Ask ask, Instant now, List<Instant> uses) {
    long admitted = 0;
    for (Account account : accounts) {
      while (account.refusal(ask, now).isEmpty()) {
        account.book(ask, now);
        uses.add(now);
        admitted++;
      }
    }
    return admitted;
  }
}
