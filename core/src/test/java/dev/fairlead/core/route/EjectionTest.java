package dev.fairlead.core.route;

import static dev.fairlead.core.route.ReplicaHealth.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EjectionTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ReplicaHealth.Policy POLICY =
      new ReplicaHealth.Policy(3, Duration.ofSeconds(10), Duration.ofSeconds(35));

  @Test
  void aReplicaIsLeftOutAfterSoManyFailuresInARow() {
    ReplicaHealth twice = GOOD.failed(START, POLICY).failed(START, POLICY);
    assertThat(twice.out()).isFalse();
    assertThat(twice.served().failed(START, POLICY).out()).isFalse();

    ReplicaHealth thrice = twice.failed(START, POLICY);
    assertThat(thrice.admits(START.plusSeconds(9))).isFalse();
    assertThat(thrice.admits(START.plusSeconds(10))).isTrue();
  }

  @Test
  void oneRequestFindsOutWhetherItIsWellAgain() {
    Instant back = START.plusSeconds(10);
    ReplicaHealth probing = ejected().given(back);

    assertThat(probing.admits(back)).as("a second request at the same time").isFalse();
    assertThat(probing.served().admits(back)).isTrue();
    assertThat(probing.served().out()).isFalse();
    assertThat(probing.undecided().admits(back)).as("its client left").isTrue();
    assertThat(probing.failed(back, POLICY).admits(back.plusSeconds(19))).isFalse();
    assertThat(probing.failed(back, POLICY).admits(back.plusSeconds(20))).isTrue();
  }

  @Test
  void eachEjectionIsLongerUpToTheLongest() {
    ReplicaHealth health = ejected();
    Instant now = START;
    for (int seconds : new int[] {10, 20, 35, 35}) {
      assertThat(health.outUntil()).contains(now.plusSeconds(seconds));
      now = now.plusSeconds(seconds);
      health = health.given(now).failed(now, POLICY);
    }
  }

  @Test
  void whoFlapsIsLeftOutForLongerUntilItHasServedForAWhile() {
    Instant back = START.plusSeconds(10);
    ReplicaHealth again = fail(ejected().given(back).served(), 3, back);
    assertThat(again.outUntil()).contains(back.plusSeconds(20));

    ReplicaHealth well = ejected().given(back).served().served();
    assertThat(fail(well, 3, back).outUntil()).contains(back.plusSeconds(10));
  }

  @Test
  void failuresOfRequestsThatWereSentBeforeDoNotProlongIt() {
    ReplicaHealth health = fail(ejected(), 5, START.plusSeconds(5));

    assertThat(health.outUntil()).contains(START.plusSeconds(10));
  }

  @Test
  void oneOfTwoIsLeftOut() {
    assertThat(left(START, Map.of("a", ejected()), "a", "b")).containsExactly("b");
  }

  @Test
  void theLastReplicaIsNeverLeftOut() {
    ReplicaHealth later = fail(GOOD, 3, START.plusSeconds(5));

    assertThat(left(START, Map.of("a", ejected()), "a")).containsExactly("a");
    assertThat(left(START.plusSeconds(5), Map.of("a", later, "b", ejected()), "a", "b"))
        .containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverHappensOneReplicaIsLeftAndNoneIsOutForEver(long seed) {
    var random = new Random(seed);
    String[] names = {"a", "b", "c"};
    Map<String, ReplicaHealth> healths = new HashMap<>();
    Instant now = START;
    for (int i = 0; i < 5_000; i++) {
      now = now.plusMillis(random.nextInt(2_000));
      List<String> left = left(now, healths, names);
      assertThat(left).isNotEmpty();
      String name = left.get(random.nextInt(left.size()));
      ReplicaHealth given = healths.getOrDefault(name, GOOD).given(now);
      healths.put(
          name,
          switch (random.nextInt(4)) {
            case 0 -> given.served();
            case 1 -> given.undecided();
            default -> given.failed(now, POLICY);
          });
      Instant latest = now.plus(POLICY.longest());
      assertThat(healths.values()).allMatch(health -> health.admits(latest));
    }
  }

  private static ReplicaHealth ejected() {
    return fail(GOOD, 3, START);
  }

  private static ReplicaHealth fail(ReplicaHealth health, int times, Instant now) {
    ReplicaHealth failed = health;
    for (int i = 0; i < times; i++) {
      failed = failed.failed(now, POLICY);
    }
    return failed;
  }

  private static List<String> left(
      Instant now, Map<String, ReplicaHealth> healths, String... replicas) {
    List<Candidate> candidates =
        Stream.of(replicas)
            .map(name -> new Candidate(new Endpoint(name, "v", "127.0.0.1", 1), 1, 0, 0))
            .toList();
    return Ejection.left(candidates, name -> healths.getOrDefault(name, GOOD), now).stream()
        .map(candidate -> candidate.endpoint().replica())
        .toList();
  }
}
