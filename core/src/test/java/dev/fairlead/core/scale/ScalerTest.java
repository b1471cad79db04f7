package dev.fairlead.core.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Scaling;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Decisions one by one; {@link ScalerPropertyTest} looks at sequences.
final class ScalerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration COLD_START = Duration.ofSeconds(10);
  private static final int BATCH = 4;

  private Scaling scaling = scaling(0, 4);
  private int affordable = 100;
  private ScaleMemory memory = ScaleMemory.startingAt(START);
  private Instant now = START;
  private long arrivals;

  @Test
  void oneHeldRequestStartsOneReplica() {
    ScaleDecision decision = decide(demand(1, 0), 0, 0);

    assertThat(decision.target()).isEqualTo(1);
    assertThat(decision.reason()).isEqualTo(ScaleReason.DEMAND);
    assertThat(decision.note()).contains("0 in flight, 1 waiting, 4 at once");
  }

  @Test
  void nobodyAskingStartsNothing() {
    assertThat(decide(demand(0, 0), 0, 0)).returns(0, ScaleDecision::target);
  }

  @Test
  void aBacklogCountsByTheTimeToWorkItOffAndNotAsLastingDemand() {
    // 24 × 5 s / 30 s = 4 at once, one replica; 25 would need a second.
    assertThat(decide(demand(24, 0), 0, 0).target()).isEqualTo(1);
    assertThat(decide(demand(25, 0), 0, 0).target()).isEqualTo(2);
  }

  @Test
  void requestsInFlightAndBacklogAddUp() {
    assertThat(decide(demand(24, 4), 1, 0).target()).isEqualTo(2);
  }

  @Test
  void aStartingReplicaIsCapacityAndIsNotAskedForAgain() {
    assertThat(decide(demand(25, 0), 0, 2).target()).isEqualTo(2);
  }

  @Test
  void aFailedReplicaHoldsItsPlaceAndIsNotReplacedAgainAndAgain() {
    assertThat(decide(new Counts(0, 0, 1), demand(1, 0)).target()).isEqualTo(1);
  }

  @Test
  void demandBeyondMaxReplicasIsCappedAndSaysSo() {
    ScaleDecision decision = decide(demand(0, 100), 4, 0);

    assertThat(decision.target()).isEqualTo(4);
    assertThat(decision.reason()).isEqualTo(ScaleReason.MAXIMUM);
    assertThat(decision.note()).contains("25 needed, maxReplicas is 4");
  }

  @Test
  void whatDoesNotFitIntoMemoryIsCappedAndSaysSo() {
    affordable = 2;

    ScaleDecision decision = decide(demand(0, 16), 1, 0);

    assertThat(decision.target()).isEqualTo(2);
    assertThat(decision.reason()).isEqualTo(ScaleReason.MEMORY);
    assertThat(decision.note()).contains("4 wanted, memory for 2");
  }

  @Test
  void scarceMemoryTakesNoReplicaThatIsThere() {
    affordable = 0;

    assertThat(decide(demand(0, 12), 3, 0).target()).isEqualTo(3);
  }

  @Test
  void aLoweredMaximumTakesReplicas() {
    scaling = scaling(1, 2);

    assertThat(decide(demand(0, 12), 3, 0).target()).isEqualTo(2);
  }

  @Test
  void aPinIsTakenAsItIsBeyondTheMaximumAndAgainstDemand() {
    scaling = new Scaling(1, 2, OptionalInt.of(3), Duration.ofMinutes(5));
    assertThat(decide(demand(0, 0), 1, 0))
        .returns(3, ScaleDecision::target)
        .returns(ScaleReason.PINNED, ScaleDecision::reason);

    scaling = new Scaling(1, 2, OptionalInt.of(0), Duration.ofMinutes(5));
    assertThat(decide(demand(9, 9), 2, 0).target()).isZero();
  }

  @Test
  void aPinIsBoundByMemory() {
    scaling = new Scaling(1, 2, OptionalInt.of(3), Duration.ofMinutes(5));
    affordable = 1;

    assertThat(decide(demand(0, 0), 0, 0))
        .returns(1, ScaleDecision::target)
        .returns(ScaleReason.MEMORY, ScaleDecision::reason);
  }

  @Test
  void aReleasedPinRemembersTheRequestsOfItsTime() {
    scaling = new Scaling(0, 2, OptionalInt.of(1), Duration.ofMinutes(1));
    decide(demand(0, 1), 1, 0);
    after(Duration.ofMinutes(10));
    decide(demand(0, 1), 1, 0);
    scaling = new Scaling(0, 2, OptionalInt.empty(), Duration.ofMinutes(1));
    after(Duration.ofSeconds(2));

    assertThat(decide(demand(0, 0), 1, 0).target()).isEqualTo(1);
  }

  @Test
  void minReplicasStandWithoutDemand() {
    scaling = scaling(2, 4);

    assertThat(decide(demand(0, 0), 0, 0))
        .returns(2, ScaleDecision::target)
        .returns(ScaleReason.MINIMUM, ScaleDecision::reason);
  }

  @Test
  void fallenDemandIsHeldForTheHoldDownAndThenFollowed() {
    scaling = scaling(1, 4);
    decide(demand(0, 16), 4, 0);

    after(Scaler.MIN_HOLD.minusMillis(1));
    assertThat(decide(demand(0, 4), 4, 0))
        .returns(4, ScaleDecision::target)
        .returns(ScaleReason.HOLD_DOWN, ScaleDecision::reason);

    after(Duration.ofMillis(1));
    assertThat(decide(demand(0, 4), 4, 0))
        .returns(1, ScaleDecision::target)
        .returns(ScaleReason.DEMAND, ScaleDecision::reason);
  }

  @Test
  void theHoldDownIsTwoColdStartsWhereTheseAreLong() {
    assertThat(Scaler.holdDown(Duration.ofSeconds(1))).isEqualTo(Scaler.MIN_HOLD);
    assertThat(Scaler.holdDown(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(120));
  }

  @Test
  void holdingNeverStartsAReplica() {
    decide(demand(0, 16), 4, 0);
    after(Duration.ofSeconds(1));

    assertThat(decide(demand(0, 4), 1, 0).target()).isEqualTo(1);
  }

  @Test
  void nothingIsTakenAwayWhileAReplicaIsStarting() {
    scaling = scaling(1, 4);
    decide(demand(0, 12), 1, 2);
    after(Duration.ofMinutes(5));

    assertThat(decide(demand(0, 1), 1, 2))
        .returns(3, ScaleDecision::target)
        .returns(ScaleReason.STARTING, ScaleDecision::reason);
  }

  @Test
  void aReplicaThatKeepsCrashingDoesNotFreezeTheCount() {
    scaling = scaling(1, 4);
    decide(new Counts(2, 0, 1), demand(0, 12));
    after(Duration.ofMinutes(5));

    assertThat(decide(new Counts(2, 0, 1), demand(0, 1)).target()).isEqualTo(1);
  }

  @Test
  void toZeroOnlyAfterTheTimeThatTheSpecNames() {
    decide(demand(0, 1), 1, 0);

    after(Duration.ofMinutes(5).minusMillis(1));
    assertThat(decide(demand(0, 0), 1, 0).target()).isEqualTo(1);

    after(Duration.ofMillis(1));
    ScaleDecision decision = decide(demand(0, 0), 1, 0);
    assertThat(decision.target()).isZero();
    assertThat(decision.reason()).isEqualTo(ScaleReason.IDLE);
    assertThat(decision.note()).isEqualTo("no request for 5 min");
  }

  @Test
  void oneReplicaIsLeftUntilThen() {
    decide(demand(0, 12), 3, 0);
    after(Duration.ofMinutes(1));

    assertThat(decide(demand(0, 0), 3, 0).target()).isEqualTo(1);
  }

  @Test
  void aTimeToZeroBelowTheHoldDownIsObeyed() {
    scaling = new Scaling(0, 4, OptionalInt.empty(), Duration.ofSeconds(5));
    decide(demand(0, 8), 2, 0);
    after(Duration.ofSeconds(5));

    assertThat(decide(demand(0, 0), 2, 0).target()).isZero();
  }

  @Test
  void neverToZeroWithAMinimum() {
    scaling = scaling(1, 4);
    decide(demand(0, 1), 1, 0);
    after(Duration.ofDays(1));

    assertThat(decide(demand(0, 0), 1, 0).target()).isEqualTo(1);
  }

  @Test
  void requestsThatComeAndGoBetweenTwoDecisionsKeepTheModelUp() {
    decide(demand(0, 1), 1, 0);
    for (int minute = 0; minute < 10; minute++) {
      after(Duration.ofMinutes(1));
      arrivals++;
      assertThat(decide(demand(0, 0), 1, 0).target()).isEqualTo(1);
    }
  }

  @Test
  void aClientThatLeftBeforeTheStartStartsNothing() {
    decide(demand(0, 0), 0, 0);
    arrivals++;

    assertThat(decide(demand(0, 0), 0, 0).target()).isZero();
  }

  @Test
  void aGatewayThatBeganAgainIsNoRequest() {
    arrivals = 1000;
    decide(demand(0, 0), 1, 0);
    after(Duration.ofMinutes(5));
    arrivals = 0;

    assertThat(decide(demand(0, 0), 1, 0).target()).isZero();
  }

  @Test
  void withoutWordFromTheGatewaysEverythingIsHeld() {
    decide(demand(0, 12), 3, 0);
    after(Duration.ofHours(1));

    assertThat(decide(new Demand.Unknown(), 3, 0))
        .returns(3, ScaleDecision::target)
        .returns(ScaleReason.DEMAND_UNKNOWN, ScaleDecision::reason);
  }

  @Test
  void whenTheGatewaysAreBackTheHoldDownBeginsAnew() {
    decide(demand(0, 12), 3, 0);
    after(Duration.ofHours(1));
    decide(new Demand.Unknown(), 3, 0);
    after(Duration.ofSeconds(1));
    assertThat(decide(demand(0, 0), 3, 0).target()).isEqualTo(3);

    after(Scaler.MIN_HOLD);
    assertThat(decide(demand(0, 0), 3, 0).target()).isEqualTo(1);
  }

  @Test
  void withoutWordTheMinimumIsStartedAsFarAsMemoryGoes() {
    scaling = scaling(2, 4);
    affordable = 1;

    assertThat(decide(new Demand.Unknown(), 0, 0).target()).isEqualTo(1);
  }

  @Test
  void lostMemoryHoldsForOneReactionTime() {
    scaling = scaling(1, 4);
    assertThat(decide(demand(0, 1), 3, 0).target()).isEqualTo(3);

    after(Scaler.MIN_HOLD);
    assertThat(decide(demand(0, 1), 3, 0).target()).isEqualTo(1);
  }

  private record Counts(int ready, int starting, int failed) {}

  private static Scaling scaling(int min, int max) {
    return new Scaling(min, max, OptionalInt.empty(), Duration.ofMinutes(5));
  }

  private Demand demand(int waiting, int inFlight) {
    return new Demand.Known(arrivals, waiting, inFlight, Duration.ofSeconds(5));
  }

  private void after(Duration time) {
    now = now.plus(time);
  }

  private ScaleDecision decide(Demand demand, int ready, int starting) {
    return decide(new Counts(ready, starting, 0), demand);
  }

  private ScaleDecision decide(Counts counts, Demand demand) {
    ScaleInput input =
        new ScaleInput(
            scaling,
            demand,
            counts.ready(),
            counts.starting(),
            counts.failed(),
            affordable,
            BATCH,
            COLD_START);
    ScaleDecision decision = Scaler.decide(input, memory, now);
    memory = decision.memory();
    return decision;
  }
}
