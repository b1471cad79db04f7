package dev.fairlead.dataplane.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.admit.Account;
import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Limit;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.admit.WindowShape;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every store of limits does. Most of it is tried over a window of ten hours, in which no
/// time passes as far as a test is concerned.
interface LimitStoreContract {
  WindowShape LONG = new WindowShape(Duration.ofHours(10), 10);
  WindowShape SHORT = new WindowShape(Duration.ofSeconds(1), 10);

  /// A new store, with a memory of its own, that the implementation closes after the test.
  LimitStore store(WindowShape shape, OpeningBalance opening);

  @Test
  default void requestsOfAWindowAreCounted() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Limits limits = limits(3, 0, 0, 0);
    for (int left = 2; left >= 0; left--) {
      Verdict.Admitted admitted = admit(store, limits, 10);
      assertThat(admitted.standing().requests().orElseThrow().limit()).isEqualTo(3);
      assertThat(admitted.standing().requests().orElseThrow().remaining()).isEqualTo(left);
      assertThat(admitted.standing().requests().orElseThrow().reset())
          .isBetween(Duration.ofHours(10), Duration.ofHours(11));
      assertThat(admitted.standing().tokens()).isEmpty();
      admitted.reservation().settle(10);
    }

    Verdict.Refused refused = refuse(store, limits, 10);

    assertThat(refused.limit()).isEqualTo(Limit.REQUESTS_PER_MINUTE);
    assertThat(refused.retryAfter().orElseThrow())
        .isBetween(Duration.ofHours(10), Duration.ofHours(11));
    assertThat(refused.standing().requests().orElseThrow().remaining()).isZero();
    assertThat(refused.standing().requests().orElseThrow().reset())
        .isBetween(Duration.ofHours(10), Duration.ofHours(11));
  }

  @Test
  default void whatIsToldToWaitPassesThen() {
    LimitStore store = store(SHORT, OpeningBalance.NONE);
    Limits limits = limits(2, 100, 0, 0);
    admit(store, limits, 50);
    admit(store, limits, 50);
    Instant before = InstantSource.system().instant();
    Duration wait = refuse(store, limits, 1).retryAfter().orElseThrow();

    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(5))
        .until(() -> verdict(store, limits, 100) instanceof Verdict.Admitted);

    assertThat(Duration.between(before, InstantSource.system().instant()))
        .as("not before its time")
        .isGreaterThanOrEqualTo(wait.minusMillis(5));
  }

  @Test
  default void tenantsDoNotShare() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Limits limits = limits(1, 0, 0, 0);
    admit(store, limits, 10);

    assertThat(verdict(store, new Ask("another", limits, 10))).isInstanceOf(Verdict.Admitted.class);
    assertThat(verdict(store, new Ask("tenant {1}:€ *", limits, 10)))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  default void tokensAreReservedAndCorrected() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Limits limits = limits(0, 1_000, 0, 0);
    Reservation less = admit(store, limits, 600).reservation();
    assertThat(refuse(store, limits, 500).left()).isEqualTo(400);

    less.settle(100);
    Reservation more = admit(store, limits, 200).reservation();
    more.settle(300);
    more.settle(0);

    Verdict.Refused refused = refuse(store, limits, 601);
    assertThat(refused.limit()).isEqualTo(Limit.TOKENS_PER_MINUTE);
    assertThat(refused.left()).isEqualTo(600);
    assertThat(refused.standing().tokens().orElseThrow().remaining()).isEqualTo(600);
    admit(store, limits, 600);
  }

  @Test
  default void aRequestLargerThanTheLimitIsNeverToldToWait() {
    LimitStore store = store(LONG, OpeningBalance.NONE);

    Verdict.Refused refused = refuse(store, limits(0, 1_000, 0, 0), 1_001);

    assertThat(refused.limit()).isEqualTo(Limit.TOKENS_PER_MINUTE);
    assertThat(refused.retryAfter()).isEmpty();
  }

  @Test
  default void aPlaceIsFreedOnce() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Limits limits = limits(0, 0, 2, 0);
    Reservation first = admit(store, limits, 1).reservation();
    admit(store, limits, 1);
    assertThat(refuse(store, limits, 1).limit()).isEqualTo(Limit.CONCURRENCY);

    first.settle(1);
    first.settle(1);

    admit(store, limits, 1);
    assertThat(refuse(store, limits, 1).retryAfter()).isEmpty();
  }

  @Test
  default void aDaysTokensAreABudget() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Limits limits = limits(0, 0, 0, 1_000);
    admit(store, limits, 900).reservation().settle(800);

    Verdict.Refused refused = refuse(store, limits, 201);

    assertThat(refused.limit()).isEqualTo(Limit.TOKENS_PER_DAY);
    assertThat(refused.left()).isEqualTo(200);
    assertThat(refused.retryAfter().orElseThrow()).isBetween(Duration.ZERO, Duration.ofDays(1));
    admit(store, limits, 200);
  }

  @Test
  default void whatWasUsedTodayBeforeTheStartCounts() {
    LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
    LimitStore store = store(LONG, new OpeningBalance(today, Map.of("team", 950L)));
    Limits limits = limits(0, 0, 0, 1_000);

    assertThat(refuse(store, limits, 51).left()).isEqualTo(50);
    assertThat(verdict(store, new Ask("another", limits, 1_000)))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  default void limitsThatChangeCountAtOnce() {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    admit(store, limits(0, 0, 1, 0), 10);

    assertThat(refuse(store, limits(1, 0, 0, 0), 10).limit()).isEqualTo(Limit.REQUESTS_PER_MINUTE);
    admit(store, limits(2, 0, 0, 0), 10);
  }

  @Test
  default void aCrowdGetsTheLimitAndNoMore() throws Exception {
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Limits limits = limits(100, 0, 0, 0);
    List<CompletableFuture<Long>> crowd = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      crowd.add(
          CompletableFuture.supplyAsync(() -> {
            long admitted = 0;
            for (int i = 0; i < 50; i++) {
              if (verdict(store, limits, 1) instanceof Verdict.Admitted) {
                admitted++;
              }
            }
            return admitted;
          }));
    }
    long admitted = 0;
    for (CompletableFuture<Long> one : crowd) {
      admitted += one.get(20, TimeUnit.SECONDS);
    }

    assertThat(admitted).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  default void itDecidesAsTheAccountOfCoreDoes(long seed) {
    Random random = new Random(seed);
    LimitStore store = store(LONG, OpeningBalance.NONE);
    Account account = new Account(LONG);
    List<Reservation> reservations = new ArrayList<>();
    List<Account.Booking> bookings = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      Instant now = InstantSource.system().instant();
      Limits limits =
          limits(random.nextInt(100), random.nextInt(9_000), random.nextInt(20), 20_000);
      Ask ask = new Ask("team", limits, 1 + random.nextInt(300));
      Optional<Verdict.Refused> expected = account.refusal(ask, now);
      switch (verdict(store, ask)) {
        case Verdict.Admitted admitted -> {
          assertThat(expected).isEmpty();
          bookings.add(account.book(ask, now));
          reservations.add(admitted.reservation());
          assertThat(remaining(admitted))
              .isEqualTo(
                  remaining(
                      new Verdict.Admitted(Reservation.NOTHING, account.standing(limits, now))));
        }
        case Verdict.Refused refused -> {
          assertThat(refused.limit()).isEqualTo(expected.orElseThrow().limit());
          assertThat(refused.left()).isEqualTo(expected.orElseThrow().left());
          assertThat(remaining(refused)).isEqualTo(remaining(expected.orElseThrow()));
        }
      }
      if (!bookings.isEmpty() && random.nextInt(3) > 0) {
        int which = random.nextInt(bookings.size());
        long used = random.nextInt(400);
        account.settle(bookings.remove(which), used, now);
        reservations.remove(which).settle(used);
      }
    }
  }

  private static List<Long> remaining(Verdict verdict) {
    return List.of(
        verdict.standing().requests().map(rate -> rate.remaining()).orElse(-1L),
        verdict.standing().tokens().map(rate -> rate.remaining()).orElse(-1L));
  }

  static Verdict.Admitted admit(LimitStore store, Limits limits, long tokens) {
    Verdict verdict = verdict(store, limits, tokens);
    assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
    return (Verdict.Admitted) verdict;
  }

  static Verdict.Refused refuse(LimitStore store, Limits limits, long tokens) {
    Verdict verdict = verdict(store, limits, tokens);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return (Verdict.Refused) verdict;
  }

  static Verdict verdict(LimitStore store, Limits limits, long tokens) {
    return verdict(store, new Ask("team", limits, tokens));
  }

  static Verdict verdict(LimitStore store, Ask ask) {
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    store.reserve(ask, answer::complete);
    return answer.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /// Zero is no limit.
  static Limits limits(long requests, long tokens, int concurrency, long day) {
    return new Limits(
        requests > 0 ? OptionalLong.of(requests) : OptionalLong.empty(),
        tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty(),
        concurrency > 0 ? OptionalInt.of(concurrency) : OptionalInt.empty(),
        day > 0 ? OptionalLong.of(day) : OptionalLong.empty());
  }
}
