package dev.fairlead.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final RetryBudget.Policy POLICY =
      new RetryBudget.Policy(0.2, 2, Duration.ofSeconds(10), 5);

  @Test
  void aSingleFailureOnAnIdleGatewayIsRetried() {
    assertThat(RetryBudget.full(POLICY, START).retry(START).granted()).isTrue();
  }

  @Test
  void withoutRequestsTheFloorIsAllAndComesBackWithTime() {
    RetryBudget budget = drain(RetryBudget.full(POLICY, START), 2, START);

    assertThat(budget.retry(START.plusSeconds(9)).granted()).isFalse();
    RetryBudget.Draw later = budget.retry(START.plusSeconds(10));
    assertThat(later.granted()).isTrue();
    assertThat(later.left().retry(START.plusSeconds(10)).granted()).isFalse();
    assertThat(drain(budget, 2, START.plusSeconds(1_000)).retry(START.plusSeconds(1_000)).granted())
        .isFalse();
  }

  @Test
  void fiveRequestsAllowOneRetry() {
    RetryBudget budget = drain(RetryBudget.full(POLICY, START), 2, START);
    for (int i = 0; i < 5; i++) {
      assertThat(budget.retry(START).granted()).isFalse();
      budget = budget.requested();
    }
    assertThat(budget.retry(START).granted()).isTrue();
  }

  @Test
  void noMoreThanTheCapIsSavedUp() {
    RetryBudget budget = RetryBudget.full(POLICY, START);
    for (int i = 0; i < 1_000; i++) {
      budget = budget.requested();
    }
    assertThat(drain(budget, 5, START).retry(START).granted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void overAnySpanRetriesStayBelowTheirShare(long seed) {
    var random = new Random(seed);
    RetryBudget budget = RetryBudget.full(POLICY, START);
    Instant now = START;
    int requests = 0;
    int retries = 0;
    for (int i = 0; i < 20_000; i++) {
      now = now.plusMillis(random.nextInt(5));
      if (random.nextInt(3) == 0) {
        requests++;
        budget = budget.requested();
      } else {
        RetryBudget.Draw draw = budget.retry(now);
        budget = draw.left();
        retries += draw.granted() ? 1 : 0;
      }
      double allowed = 0.2 * requests + 5 + Duration.between(START, now).toMillis() / 10_000.0;
      assertThat((double) retries).isLessThanOrEqualTo(allowed);
    }
    assertThat(retries).isGreaterThan((int) (0.19 * requests));
  }

  @Test
  void aPolicyThatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget.Policy(1.5, 1, Duration.ofSeconds(1), 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget.Policy(0.2, 3, Duration.ofSeconds(1), 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget.Policy(0.2, 1, Duration.ZERO, 2));
  }

  private static RetryBudget drain(RetryBudget full, int retries, Instant now) {
    RetryBudget budget = full;
    for (int i = 0; i < retries; i++) {
      RetryBudget.Draw draw = budget.retry(now);
      assertThat(draw.granted()).isTrue();
      budget = draw.left();
    }
    return budget;
  }
}
