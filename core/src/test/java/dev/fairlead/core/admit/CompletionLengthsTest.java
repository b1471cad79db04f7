package dev.fairlead.core.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long a model's answers are taken to be.
final class CompletionLengthsTest {
  private final CompletionLengths lengths = new CompletionLengths(1_024);

  @Test
  void tooFewAnswersTellNothing() {
    for (int i = 1; i < CompletionLengths.ENOUGH; i++) {
      lengths.add(3);
    }
    assertThat(lengths.p95()).isEqualTo(1_024);

    lengths.add(3);
    assertThat(lengths.p95()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void itIsNeverTooLowAndAtMostAQuarterTooHigh(long seed) {
    Random random = new Random(seed);
    long[] all = new long[20 + random.nextInt(900)];
    for (int i = 0; i < all.length; i++) {
      all[i] = Math.round(Math.exp(random.nextDouble() * 12));
      lengths.add(all[i]);
    }
    Arrays.sort(all);
    long exact = all[(int) Math.ceil(0.95 * all.length) - 1];

    assertThat(lengths.p95()).isBetween(exact, exact + exact / 4);
  }

  @Test
  void aChangeOfUseIsLearned() {
    for (int i = 0; i < 100_000; i++) {
      lengths.add(50);
    }
    assertThat(lengths.p95()).isBetween(50L, 62L);

    for (int i = 0; i < 1_000; i++) {
      lengths.add(2_000);
    }
    assertThat(lengths.p95()).isBetween(2_000L, 2_500L);
  }

  @Test
  void anAnswerWithoutEndIsCountedToo() {
    for (int i = 0; i < 100; i++) {
      lengths.add(Long.MAX_VALUE);
    }
    assertThat(lengths.p95()).isPositive();
  }
}
