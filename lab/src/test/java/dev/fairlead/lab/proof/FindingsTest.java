package dev.fairlead.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.lab.proof.Disturbances.Kill;
import dev.fairlead.lab.proof.Question.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The rules about all requests together notice when one is broken.
class FindingsTest {
  private static final Footprint HELD = new Footprint(20 << 20, 6 << 20, 190, 36, 200 << 20);
  private static final Kill KILL = new Kill(new Observed.Span(1_000, 1_010), 2_000);

  private final Tally tally = new Tally();

  @Test
  void aProofStandsWhenEverythingIsCountedAndOnlyAKillMadeRequestsFail() {
    tally.add(failed(900, 1_100));

    assertThat(findings(1, 1, List.of(KILL), HELD).broken()).isEmpty();
  }

  @Test
  void aFailureWithoutAKillIsNotExcused() {
    tally.add(failed(1_011, 1_100));

    assertThat(findings(1, 1, List.of(KILL), HELD).broken())
        .singleElement()
        .asString()
        .contains("although no engine was killed");
  }

  @Test
  void aKillMayNotTakeMoreThanItsSlotsNorStayUnrecovered() {
    for (int i = 0; i <= Findings.SLOTS; i++) {
      tally.add(failed(900, 1_100));
    }
    Kill slow = new Kill(new Observed.Span(1_000, 1_010), Duration.ofSeconds(31).toNanos());

    assertThat(findings(33, 33, List.of(slow), HELD).broken())
        .hasSize(2)
        .anyMatch(one -> one.contains("33 requests failed by one kill"))
        .anyMatch(one -> one.contains("was not recovered"));
  }

  @Test
  void aRequestThatIsNotCountedIsMissed() {
    tally.add(failed(900, 1_100));

    assertThat(findings(0, 2, List.of(KILL), HELD).broken())
        .containsExactly(
            "fairlead_requests_total: 0 of 1 requests",
            "lines of the access log: 2 of 1 requests",
            "rows of the usage ledger: 2 of 1 requests");
  }

  @Test
  void whatIsHeldMayNotGrow() {
    for (Footprint more :
        new Footprint[] {
          new Footprint(4 << 20, 0, 0, 0, 0),
          new Footprint(0, 17 << 20, 0, 0, 0),
          new Footprint(0, 0, 9, 0, 0),
          new Footprint(0, 0, 0, 4, 0)
        }) {
      Footprint end =
          new Footprint(
              HELD.heap() + more.heap(),
              HELD.direct() + more.direct(),
              HELD.descriptors() + more.descriptors(),
              HELD.threads() + more.threads(),
              HELD.resident());
      assertThat(findings(0, 0, List.of(), end).broken())
          .as("%s", more)
          .singleElement()
          .asString()
          .startsWith("grown since the warm-up");
    }
  }

  @Test
  void theOptionsAreThoseOfTheCommandLine() {
    assertThat(ProofOptions.parse("")).isEqualTo(new ProofOptions(ProofOptions.FULL, 1));
    assertThat(ProofOptions.parse("--requests 20000 --seed 7"))
        .isEqualTo(new ProofOptions(20_000, 7));
    assertThatThrownBy(() -> ProofOptions.parse("--request 1"))
        .hasMessage("there is no option --request");
    assertThatThrownBy(() -> ProofOptions.parse("--requests many"))
        .hasMessage("--requests takes a number, not many");
    assertThatThrownBy(() -> ProofOptions.parse("--requests")).hasMessageContaining("not positive");
  }

  private Findings findings(int counted, int logged, List<Kill> kills, Footprint end) {
    return new Findings(
        new ProofOptions(1, 1),
        tally,
        List.of(
            new Lap("warm-up", 0, Duration.ofSeconds(1), HELD),
            new Lap("lap 1", 1, Duration.ofSeconds(1), end)),
        kills,
        Map.of(),
        new Counters("fairlead_requests_total{model=\"chat\"} " + counted),
        new Findings.Told(logged, logged));
  }

  private static Observed failed(long from, long until) {
    return new Observed(
        new Question(Kind.WHOLE, "", "", "", 0),
        502,
        Set.of(),
        "bad_gateway",
        "",
        -1,
        Observed.Stream.NONE,
        Optional.empty(),
        new Observed.Span(from, until));
  }
}
