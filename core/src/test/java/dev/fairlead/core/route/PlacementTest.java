package dev.fairlead.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Artifact.Purpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which replica and which version a request gets.
final class PlacementTest {

  @Test
  void theLeastPromptTokensToReadWinOverTheFewestRequests() {
    assertThat(
            choose(
                List.of(candidate("long-prompt", 1, 4000), candidate("short-prompts", 3, 90)), 7))
        .contains(endpoint("short-prompts"));
  }

  @Test
  void withEqualPrefillTheFewestRequestsWin() {
    assertThat(choose(List.of(candidate("busy", 2, 0), candidate("free", 1, 0)), 7))
        .contains(endpoint("free"));
  }

  @Test
  void aFullReplicaGetsNothingHoweverShortItsQueue() {
    assertThat(choose(List.of(candidate("full", 4, 0), candidate("room", 3, 9000)), 7))
        .contains(endpoint("room"));
    assertThat(choose(List.of(candidate("full", 4, 0)), 7)).isEmpty();
    assertThat(choose(List.of(), 7)).isEmpty();
  }

  @Test
  void amongReplicasThatAreEqualOtherwiseTheOneThatKnowsMostOfThePromptWins() {
    List<Candidate> candidates = alike(6);
    for (long key = 0; key < 100; key++) {
      assertThat(
              Placement.choose(candidates, key, Map.of("replica-3", 2, "replica-4", 1, "gone", 9)))
          .contains(endpoint("replica-3"));
    }
    candidates.set(3, candidate("replica-3", 1, 0));
    assertThat(Placement.choose(candidates, 7, Map.of("replica-3", 2, "replica-4", 1)))
        .as("a busier one is not worth it")
        .contains(endpoint("replica-4"));
  }

  @Test
  void equalGatewaysAgreeInWhateverOrderTheySeeTheReplicas() {
    Random random = new Random(1);
    List<Candidate> candidates = alike(8);
    // Two ids with the same String.hashCode.
    candidates.add(candidate("Aa", 0, 0));
    candidates.add(candidate("BB", 0, 0));
    for (int i = 0; i < 500; i++) {
      long key = random.nextLong();
      Optional<Endpoint> choice = choose(candidates, key);
      Collections.shuffle(candidates, random);
      assertThat(choose(candidates, key)).isEqualTo(choice);
    }
  }

  @Test
  void equalKeysStayTogetherWhenAReplicaLeaves() {
    Random random = new Random(2);
    List<Candidate> all = alike(6);
    List<Candidate> fewer = all.subList(1, 6);
    for (int i = 0; i < 500; i++) {
      long key = random.nextLong();
      Optional<Endpoint> choice = choose(all, key);
      if (!choice.equals(Optional.of(endpoint("replica-0")))) {
        assertThat(choose(fewer, key)).isEqualTo(choice);
      }
    }
  }

  @Test
  void keysSpreadEvenly() {
    Map<Optional<Endpoint>, Integer> counts = new HashMap<>();
    for (long key = 0; key < 6000; key++) {
      counts.merge(choose(alike(6), key), 1, Integer::sum);
    }
    assertThat(counts).hasSize(6);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(800, 1200));
  }

  @Test
  void versionsGetTheirShareByWeight() {
    Route route = route(version("old", 90), version("off", 0), version("new", 10));
    assertThat(Placement.version(route, 0).version()).isEqualTo("old");
    assertThat(Placement.version(route, 0.899).version()).isEqualTo("old");
    assertThat(Placement.version(route, 0.9).version()).isEqualTo("new");
    assertThat(Placement.version(route, Math.nextDown(1.0)).version()).isEqualTo("new");
  }

  @Test
  void withoutAnyWeightTheFirstVersionServes() {
    assertThat(Placement.version(route(version("a", 0), version("b", 0)), 0.5).version())
        .isEqualTo("a");
  }

  private static Optional<Endpoint> choose(List<Candidate> candidates, long key) {
    return Placement.choose(candidates, key, Map.of());
  }

  private static List<Candidate> alike(int count) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      candidates.add(candidate("replica-" + i, 0, 0));
    }
    return candidates;
  }

  private static Candidate candidate(String replica, int occupied, long queuedPrefillTokens) {
    return new Candidate(endpoint(replica), 4, occupied, queuedPrefillTokens);
  }

  private static Endpoint endpoint(String replica) {
    return new Endpoint(replica, "v1", "127.0.0.1", 4000);
  }

  private static Route route(VersionRoute... versions) {
    return new Route("model", List.of(), 0, List.of(versions));
  }

  private static VersionRoute version(String name, int weight) {
    return new VersionRoute(
        name,
        weight,
        Purpose.CHAT,
        4,
        2048,
        Duration.ofSeconds(45),
        Duration.ofMinutes(10),
        Duration.ofSeconds(5),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
