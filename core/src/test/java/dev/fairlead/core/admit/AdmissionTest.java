package dev.fairlead.core.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.admit.Admission.Occupancy;
import dev.fairlead.core.admit.Admission.Verdict;
import org.junit.jupiter.api.Test;

/// Whether an agent takes one more request.
final class AdmissionTest {

  @Test
  void oneBatchRunsOneBatchWaitsAndTheRestGoesElsewhere() {
    assertThat(decide(0, 0)).isEqualTo(Verdict.RUN);
    assertThat(decide(3, 0)).isEqualTo(Verdict.RUN);
    assertThat(decide(4, 0)).isEqualTo(Verdict.WAIT);
    assertThat(decide(4, 3)).isEqualTo(Verdict.WAIT);
    assertThat(decide(4, 4)).isEqualTo(Verdict.BUSY);
  }

  @Test
  void aReplicaThatIsGoingAwayTakesNothing() {
    assertThat(Admission.decide(new Occupancy(4, 0, 0, true, true))).isEqualTo(Verdict.DRAINING);
    assertThat(Admission.decide(new Occupancy(4, 0, 0, false, true))).isEqualTo(Verdict.DRAINING);
  }

  @Test
  void aReplicaThatIsNotReadyTakesNothing() {
    assertThat(Admission.decide(new Occupancy(4, 0, 0, false, false))).isEqualTo(Verdict.NOT_READY);
  }

  @Test
  void countsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Occupancy(0, 0, 0, true, false))
        .hasMessage("maxBatchSize is not positive: 0");
    assertThatThrownBy(() -> new Occupancy(4, -1, 0, true, false))
        .hasMessageContaining("running -1");
  }

  private static Verdict decide(int running, int waiting) {
    return Admission.decide(new Occupancy(4, running, waiting, true, false));
  }
}
