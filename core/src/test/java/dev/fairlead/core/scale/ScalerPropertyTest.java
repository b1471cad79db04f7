package dev.fairlead.core.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Scaling;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every sequence of demands; a failure names its seed.
final class ScalerPropertyTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int ROUNDS = 400;

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyDecisionIsRepeatableWithinItsBoundsAndTakesNothingFromAStart(long seed) {
    Random random = new Random(seed);
    Scaling scaling = scaling(random);
    ScaleMemory memory = ScaleMemory.startingAt(START);
    Instant now = START;
    int ready = 0;
    int starting = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Demand demand =
          random.nextInt(10) == 0
              ? new Demand.Unknown()
              : new Demand.Known(
                  round, random.nextInt(40), random.nextInt(40), Duration.ofSeconds(3));
      ScaleInput input = input(scaling, demand, ready, starting, 1 + random.nextInt(6));
      ScaleDecision decision = Scaler.decide(input, memory, now);

      assertThat(Scaler.decide(input, memory, now)).isEqualTo(decision);
      assertThat(decision.target()).isBetween(0, scaling.maxReplicas());
      assertThat(decision.target()).isLessThanOrEqualTo(Math.max(6, input.current()));
      if (starting > 0 || demand instanceof Demand.Unknown) {
        assertThat(decision.target()).isGreaterThanOrEqualTo(input.current());
      }
      assertThat(decision.memory().peaks()).hasSizeLessThanOrEqualTo(12);

      starting = Math.max(0, decision.target() - ready);
      ready = Math.min(ready, decision.target());
      int became = random.nextInt(starting + 1);
      ready += became;
      starting -= became;
      memory = decision.memory();
      now = now.plusSeconds(1);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void constantDemandNeverGoesUpWithinAColdStartAfterGoingDown(long seed) {
    Random random = new Random(seed);
    Scaling scaling = scaling(random);
    ScaleMemory memory = ScaleMemory.startingAt(START);
    Duration coldStart = Duration.ofSeconds(20);
    int load = random.nextInt(60);
    int current = random.nextInt(1 + scaling.maxReplicas());
    Instant downAt = Instant.MIN;
    for (int round = 0; round < ROUNDS; round++) {
      Instant now = START.plusSeconds(round);
      // What the replicas cannot take at once waits.
      int inFlight = Math.min(load, current * 4);
      Demand demand =
          new Demand.Known(round, load - inFlight, inFlight, Duration.ofSeconds(1 + load % 7));
      ScaleDecision decision = Scaler.decide(input(scaling, demand, current, 0, 100), memory, now);
      if (decision.target() > current) {
        assertThat(downAt.plus(coldStart)).as("up after down").isBefore(now);
      }
      if (decision.target() < current) {
        downAt = now;
      }
      current = decision.target();
      memory = decision.memory();
    }
  }

  private static Scaling scaling(Random random) {
    int max = 1 + random.nextInt(8);
    return new Scaling(
        random.nextInt(max + 1), max, OptionalInt.empty(), Duration.ofSeconds(random.nextInt(120)));
  }

  private static ScaleInput input(
      Scaling scaling, Demand demand, int ready, int starting, int affordable) {
    return new ScaleInput(
        scaling, demand, ready, starting, 0, affordable, 4, Duration.ofSeconds(20));
  }
}
