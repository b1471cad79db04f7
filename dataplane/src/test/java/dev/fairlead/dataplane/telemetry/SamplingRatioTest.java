package dev.fairlead.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplingRatioTest {
  @Test
  void theShareOfTheRequestsIsTakenAndTheSameOnesEachTime() {
    Random random = new Random(1);
    var ids =
        Stream.generate(() -> "req_%016x%08x".formatted(random.nextLong(), random.nextInt()))
            .limit(20_000)
            .toList();
    SamplingRatio tenth = new SamplingRatio(0.1);

    long taken = ids.stream().filter(tenth::takes).count();

    assertThat(taken / 20_000.0).isCloseTo(0.1, within(0.01));
    assertThat(ids.stream().filter(tenth::takes).count()).isEqualTo(taken);
    assertThat(ids).allMatch(SamplingRatio.ALL::takes);
    assertThat(ids).noneMatch(new SamplingRatio(0)::takes);
  }

  @Test
  void aShareIsBetweenNoneAndAll() {
    assertThatThrownBy(() -> new SamplingRatio(1.5))
        .hasMessage("share is not between 0 and 1: 1.5");
    assertThatThrownBy(() -> new SamplingRatio(Double.NaN)).hasMessageContaining("NaN");
  }
}
