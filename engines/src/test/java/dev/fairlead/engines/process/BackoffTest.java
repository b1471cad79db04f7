package dev.fairlead.engines.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  /// Draws 0, so that the delay is the nominal one.
  private static final RandomGenerator NO_JITTER = () -> 0L;

  @Test
  void delaysDoubleFromOneSecondToOneMinute() {
    var backoff = Backoff.none();
    var seconds = new ArrayList<Long>();
    for (int i = 0; i < 9; i++) {
      backoff = backoff.failed(Duration.ZERO);
      seconds.add(backoff.delay(NO_JITTER).toSeconds());
    }

    assertThat(seconds).isEqualTo(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L));
  }

  @Test
  void aMinuteOfHealthStartsAgainFromOneSecond() {
    var backoff = new Backoff(5);

    assertThat(backoff.failed(Duration.ofSeconds(59)).failures()).isEqualTo(6);
    assertThat(backoff.failed(Duration.ofSeconds(60)).failures()).isEqualTo(1);
  }

  @Test
  void jitterTakesAtMostAFifthAndSpreads() {
    var random = new Random(7);
    var delays = new ArrayList<Duration>();
    for (int i = 0; i < 100; i++) {
      delays.add(new Backoff(3).delay(random));
    }

    assertThat(delays).allSatisfy(d -> assertThat(d).isBetween(millis(3200), millis(4000)));
    assertThat(delays.stream().distinct().count()).isGreaterThan(50);
  }

  @Test
  void nothingIsWaitedForBeforeAFailureAndNoCountOverflows() {
    assertThat(Backoff.none().delay(NO_JITTER)).isZero();
    assertThat(new Backoff(Integer.MAX_VALUE).delay(NO_JITTER)).isEqualTo(Duration.ofMinutes(1));
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
