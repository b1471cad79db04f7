package dev.fairlead.core.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What counts over any window of a minute.
final class SlidingWindowTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.250Z");
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private final SlidingWindow window = new SlidingWindow(WindowShape.MINUTE);

  /// One admission.
  private record Use(Instant at, long amount) {}

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @Test
  void aUseIsForgottenNotBeforeItsMinuteAndAtMostASecondLater() {
    window.add(10, START);

    assertThat(window.used(START.plus(MINUTE))).isEqualTo(10);
    assertThat(window.used(START.plusMillis(60_749))).isEqualTo(10);
    assertThat(window.used(START.plusMillis(60_750))).isZero();
  }

  @Test
  void theTimeUntilSomethingFitsIsTheTimeAtWhichItDoes() {
    window.add(6, START);
    window.add(3, START.plusSeconds(10));
    Instant now = START.plusSeconds(20);

    assertThat(window.until(1, 10, now)).contains(Duration.ZERO);
    assertThat(window.until(2, 10, now)).contains(Duration.ofMillis(40_750));
    assertThat(window.until(7, 10, now)).contains(Duration.ofMillis(40_750));
    assertThat(window.until(8, 10, now)).contains(Duration.ofMillis(50_750));
    assertThat(window.until(11, 10, now)).isEmpty();
    assertThat(window.untilEmpty(now)).isEqualTo(Duration.ofMillis(50_750));
  }

  @Test
  void whatIsGivenBackIsThereAtOnceAndWhatIsForgottenIsNotGivenBackTwice() {
    window.add(10, START);
    window.correct(START, -4, START.plusSeconds(30));
    assertThat(window.used(START.plusSeconds(30))).isEqualTo(6);

    window.add(5, START.plusSeconds(30));
    window.correct(START, -6, START.plusSeconds(70));

    assertThat(window.used(START.plusSeconds(70))).isEqualTo(5);
    window.correct(START.plusSeconds(30), -100, START.plusSeconds(70));
    assertThat(window.used(START.plusSeconds(70))).isZero();
  }

  @Test
  void aClockThatGoesBackHandsNothingOut() {
    window.add(10, START);

    assertThat(window.used(START.minusSeconds(600))).isEqualTo(10);
    window.add(1, START.minusSeconds(600));

    assertThat(window.used(START.plusSeconds(59))).isEqualTo(11);
  }

  @Test
  void anOddShapeIsRefused() {
    assertThatThrownBy(() -> new WindowShape(Duration.ofSeconds(1), 7))
        .hasMessageContaining("7 buckets");
    assertThatThrownBy(() -> new WindowShape(MINUTE, 0)).hasMessage("buckets is not positive: 0");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noMinuteEverHoldsMoreThanTheLimitAndLittleOfItIsLeftIdle(long seed) {
    Random random = new Random(seed);
    long limit = random.nextLong(1, 501);
    List<Use> uses = new ArrayList<>();
    Instant now = START;
    long flood = 0;
    while (now.isBefore(START.plusSeconds(400))) {
      now = now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 40));
      long amount = random.nextLong(1, Math.min(limit, 20) + 1);
      if (window.until(amount, limit, now).orElseThrow().isZero()) {
        window.add(amount, now);
        uses.add(new Use(now, amount));
        flood += amount;
      }
    }

    for (Use last : uses) {
      Instant from = last.at().minus(MINUTE);
      long inMinute =
          uses.stream()
              .filter(use -> use.at().isAfter(from) && !use.at().isAfter(last.at()))
              .mapToLong(Use::amount)
              .sum();
      assertThat(inMinute).as("the minute before %s", last.at()).isLessThanOrEqualTo(limit);
    }
    assertThat(flood).isPositive();
  }

  @Test
  void aFloodGetsAllOfTheLimitInEachMinuteAndASecond() {
    long admitted = 0;
    for (int i = 0; i < 610_000; i += 10) {
      Instant now = Instant.EPOCH.plusMillis(i);
      if (window.until(1, 100, now).orElseThrow().isZero()) {
        window.add(1, now);
        admitted++;
      }
    }

    assertThat(admitted).isEqualTo(1_000);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsToldToWaitFitsThenAndNotBefore(long seed) {
    Random random = new Random(seed);
    Instant now = START;
    for (int i = 0; i < 200; i++) {
      now = now.plusMillis(random.nextInt(900));
      window.add(random.nextInt(10), now);
      long amount = random.nextLong(1, 101);
      Duration wait = window.until(amount, 100, now).orElseThrow();
      if (wait.isPositive()) {
        SlidingWindow same = copyBy(seed, i);
        assertThat(same.used(now.plus(wait).minusMillis(1)) + amount).isGreaterThan(100);
        assertThat(same.used(now.plus(wait)) + amount).isLessThanOrEqualTo(100);
      }
    }
  }

  /// The window after the same uses, so that it can be asked about the future.
  private static SlidingWindow copyBy(long seed, int last) {
    Random random = new Random(seed);
    SlidingWindow copy = new SlidingWindow(WindowShape.MINUTE);
    Instant now = START;
    for (int i = 0; i <= last; i++) {
      now = now.plusMillis(random.nextInt(900));
      copy.add(random.nextInt(10), now);
      random.nextLong(1, 101);
    }
    return copy;
  }
}
