package dev.fairlead.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.rollout.RolloutState.Provisioning;
import dev.fairlead.core.rollout.RolloutState.Rejected;
import dev.fairlead.core.rollout.RolloutState.Serving;
import dev.fairlead.core.rollout.RolloutState.Warming;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every transition, and the invariants that hold in all of them.
final class RolloutTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final VersionHealth READY = new VersionHealth.Ready();
  private static final VersionHealth PREPARING = new VersionHealth.Preparing();
  private static final VersionHealth COMING = new VersionHealth.Coming("a replica is starting");
  private static final VersionHealth FAILED = new VersionHealth.Failed("not a GGUF file");
  private static final List<VersionHealth> HEALTHS = List.of(READY, PREPARING, COMING, FAILED);

  static Stream<RolloutState> states() {
    return Stream.of(
        new Serving("a"),
        new Provisioning("a", "b", NOW),
        new Warming("a", "b", NOW),
        new Rejected("a", "b", "it crashed"));
  }

  @Test
  void theFirstVersionServesAtOnce() {
    assertThat(Rollout.first("a")).isEqualTo(new Serving("a"));
  }

  @Test
  void aNewVersionIsBroughtUpBesideTheOldOne() {
    assertThat(next(new Serving("a"), "b", READY, COMING)).isEqualTo(new Warming("a", "b", NOW));
  }

  @Test
  void aNewVersionWhoseFilesAreMissingIsFetchedFirst() {
    RolloutState fetching = next(new Serving("a"), "b", READY, PREPARING);

    assertThat(fetching).isEqualTo(new Provisioning("a", "b", NOW));
    assertThat(next(fetching, "b", READY, PREPARING)).isSameAs(fetching);
    assertThat(next(fetching, "b", READY, COMING)).isEqualTo(new Warming("a", "b", NOW));
    assertThat(next(fetching, "b", READY, FAILED))
        .isEqualTo(new Rejected("a", "b", "not a GGUF file"));
  }

  @Test
  void aLongDownloadDoesNotUseUpTheTimeToWarm() {
    Instant fetched = NOW.plus(Rollout.DEADLINE).plus(Rollout.DEADLINE);

    RolloutState warming =
        Rollout.next(new Provisioning("a", "b", NOW), "b", READY, COMING, fetched);

    assertThat(warming).isEqualTo(new Warming("a", "b", fetched));
    assertThat(Rollout.next(warming, "b", READY, COMING, fetched.plusSeconds(1)))
        .isEqualTo(warming);
  }

  @Test
  void itTakesOverWhenItIsReadyAndNotBefore() {
    Warming warming = new Warming("a", "b", NOW);

    assertThat(next(warming, "b", READY, COMING)).isSameAs(warming);
    assertThat(next(warming, "b", READY, READY)).isEqualTo(new Serving("b"));
  }

  @Test
  void aVersionThatFailsIsRejectedWithItsCauseAndTheOldOneHeld() {
    assertThat(next(new Warming("a", "b", NOW), "b", READY, FAILED))
        .isEqualTo(new Rejected("a", "b", "not a GGUF file"));
  }

  @Test
  void noStateThatIsOnItsWayLastsForEver() {
    Instant late = NOW.plus(Rollout.DEADLINE);
    Warming warming = new Warming("a", "b", NOW);
    assertThat(Rollout.next(warming, "b", READY, COMING, late.minusMillis(1))).isEqualTo(warming);
    assertThat(Rollout.next(warming, "b", READY, COMING, late))
        .isEqualTo(new Rejected("a", "b", "not ready within 15 min: a replica is starting"));
    assertThat(Rollout.next(warming, "b", READY, PREPARING, late)).isInstanceOf(Rejected.class);

    Provisioning fetching = new Provisioning("a", "b", NOW);
    assertThat(Rollout.next(fetching, "b", READY, PREPARING, NOW.plus(Rollout.FETCH_DEADLINE)))
        .isEqualTo(new Rejected("a", "b", "its files are not there after 24 h"));
  }

  @ParameterizedTest
  @MethodSource("states")
  void goingBackToTheActiveVersionIsLegalInEveryStateAndComesFirst(RolloutState state) {
    for (VersionHealth active : HEALTHS) {
      for (VersionHealth next : HEALTHS) {
        assertThat(next(state, "a", active, next)).isEqualTo(new Serving("a"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("states")
  void aThirdVersionReplacesTheOneOnItsWay(RolloutState state) {
    Instant later = NOW.plusSeconds(60);

    assertThat(Rollout.next(state, "c", READY, COMING, later))
        .isEqualTo(new Warming("a", "c", later));
  }

  @ParameterizedTest
  @MethodSource("states")
  void theActiveVersionIsOneThatServedOrTheWantedOne(RolloutState state) {
    for (String wanted : List.of("a", "b", "c")) {
      for (VersionHealth active : HEALTHS) {
        for (VersionHealth next : HEALTHS) {
          RolloutState after = next(state, wanted, active, next);
          assertThat(after.active()).isIn("a", wanted);
          if (!after.active().equals("a")) {
            assertThat(next.equals(READY) || active.equals(FAILED))
                .as("%s with %s takes over from %s", wanted, next, active)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void terminalStatesAreFixedPointsWhateverTheHealth() {
    Rejected rejected = new Rejected("a", "b", "it crashed");
    Instant later = NOW.plusSeconds(86_400);
    for (VersionHealth active : HEALTHS) {
      for (VersionHealth next : HEALTHS) {
        assertThat(Rollout.next(new Serving("a"), "a", active, next, later))
            .isEqualTo(new Serving("a"));
        assertThat(Rollout.next(rejected, "b", active, next, later)).isSameAs(rejected);
      }
    }
  }

  @Test
  void aDeadActiveVersionDoesNotBlockItsFix() {
    assertThat(next(new Serving("a"), "b", FAILED, COMING)).isEqualTo(new Serving("b"));
    assertThat(next(new Rejected("a", "b", "it crashed"), "c", FAILED, PREPARING))
        .isEqualTo(new Serving("c"));
  }

  @Test
  void anActiveVersionThatDiesDuringARolloutHandsOver() {
    assertThat(next(new Warming("a", "b", NOW), "b", FAILED, COMING)).isEqualTo(new Serving("b"));
    assertThat(next(new Provisioning("a", "b", NOW), "b", FAILED, PREPARING))
        .isEqualTo(new Serving("b"));
  }

  @Test
  void thereAndBackAgainEndsWhereItBegan() {
    RolloutState there = next(new Serving("a"), "b", READY, COMING);
    assertThat(next(there, "a", READY, READY)).isEqualTo(new Serving("a"));

    RolloutState switched = next(there, "b", READY, READY);
    RolloutState back = next(switched, "a", READY, COMING);
    assertThat(back).isEqualTo(new Warming("b", "a", NOW));
    assertThat(next(back, "a", READY, READY)).isEqualTo(new Serving("a"));
  }

  @Test
  void aRejectedVersionIsTriedAgainAfterAnotherSpec() {
    RolloutState rejected = next(new Warming("a", "b", NOW), "b", READY, FAILED);
    RolloutState held = next(rejected, "a", READY, READY);

    assertThat(next(held, "b", READY, COMING)).isEqualTo(new Warming("a", "b", NOW));
  }

  private static RolloutState next(
      RolloutState state, String wanted, VersionHealth active, VersionHealth next) {
    return Rollout.next(state, wanted, active, next, NOW);
  }
}
