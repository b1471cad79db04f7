package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Artifact.Purpose;
import dev.fairlead.core.route.Endpoint;
import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.core.route.ReplicaHealth;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.openai.ApiError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VersionQueueTest {
  private static final Endpoint A = new Endpoint("a", "v", "127.0.0.1", 1);
  private static final Endpoint B = new Endpoint("b", "v", "127.0.0.1", 2);

  private long sequence;

  @Test
  void requestsWaitInOrderUntilAReplicaIsReady() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    List<Asker> askers = join(queue, 3);

    assertThat(queue.waiting()).isEqualTo(3);
    assertThat(queue.ahead(askers.get(2))).isEqualTo(2);

    queue.heard(state("a", true, 2, 0));

    assertThat(askers.get(0).grants).hasSize(1);
    assertThat(askers.get(1).grants).hasSize(1);
    assertThat(askers.get(2).grants).isEmpty();
    assertThat(queue.inFlight()).isEqualTo(2);
    assertThat(queue.waiting()).isEqualTo(1);
  }

  @Test
  void aFreedSlotGoesToTheNextAtOnceAndOnlyOnce() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 1, 0));
    List<Asker> askers = join(queue, 3);

    Grant grant = askers.get(0).grants.getFirst();
    grant.release();
    grant.release();

    assertThat(askers.get(1).grants).hasSize(1);
    assertThat(askers.get(2).grants).isEmpty();
  }

  @Test
  void whatOtherGatewaysSentCountsToo() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 4, 3));

    List<Asker> askers = join(queue, 2);

    assertThat(askers.get(0).grants).hasSize(1);
    assertThat(askers.get(1).grants).isEmpty();
  }

  @Test
  void theLessBusyReplicaIsTaken() {
    VersionQueue queue = queueOf(route(Optional.empty(), A, B));
    queue.heard(state("a", true, 4, 3));
    queue.heard(state("b", true, 4, 1));

    Asker asker = join(queue, 1).getFirst();

    assertThat(asker.grants.getFirst().endpoint()).isEqualTo(B);
  }

  @Test
  void thePromptsNextTurnGoesWhereItWasReadUnlessThatReplicaIsBusier() {
    VersionQueue queue = queueOf(route(Optional.empty(), A, B));
    queue.heard(state("a", true, 4, 0));
    queue.heard(state("b", true, 4, 0));
    for (int i = 1; i <= 20; i++) {
      Asker busy = join(queue, 1).getFirst();
      Asker first = asking(queue, 100L * i);
      Endpoint there = first.grants.getFirst().endpoint();
      first.grants.getFirst().release();
      busy.grants.getFirst().release();

      Asker second = asking(queue, 100L * i, 100L * i + 1);
      assertThat(second.grants.getFirst().endpoint()).isEqualTo(there);
      Asker meanwhile = asking(queue, 100L * i, 100L * i + 1);
      assertThat(meanwhile.grants.getFirst().endpoint()).isNotEqualTo(there);
      second.grants.getFirst().release();
      meanwhile.grants.getFirst().release();
    }
  }

  private static Asker asking(VersionQueue queue, long... hashes) {
    Asker asker = new Asker();
    asker.prompt = PromptBlocks.of(hashes, hashes.length);
    queue.join(asker, false);
    return asker;
  }

  @Test
  void aReplicaThatRefusedIsLeftOutUntilItIsHeardAgain() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 4, 0));
    Asker first = join(queue, 1).getFirst();
    first.grants.getFirst().releaseFull();

    Asker next = join(queue, 1).getFirst();
    assertThat(next.grants).isEmpty();

    queue.heard(state("a", true, 4, 0));
    assertThat(next.grants).hasSize(1);
  }

  @Test
  void anOlderStateDoesNotUndoANewerOne() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    AgentState old = state("a", true, 4, 0);
    queue.heard(state("a", false, 4, 0));

    queue.heard(old);

    assertThat(join(queue, 1).getFirst().grants).isEmpty();
  }

  @Test
  void aLostOrDrainingReplicaGetsNothing() {
    VersionQueue queue = queueOf(route(Optional.empty(), A, B));
    queue.heard(state("a", true, 4, 0));
    queue.lost("a");
    queue.heard(new AgentState("b", "boot", ++sequence, true, true, 4, 0, 0, 0));

    assertThat(join(queue, 1).getFirst().grants).isEmpty();
  }

  @Test
  void onlyWhoLeavesIsMissing() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    List<Asker> askers = join(queue, 2);

    assertThat(queue.leave(askers.get(0))).isTrue();
    assertThat(queue.leave(askers.get(0))).isFalse();
    queue.heard(state("a", true, 4, 0));

    assertThat(askers.get(0).grants).isEmpty();
    assertThat(askers.get(1).grants).hasSize(1);
  }

  @Test
  void whoWaitsIsToldWhenNoReplicaCanCome() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    Asker waiting = join(queue, 1).getFirst();

    queue.routed(route(Optional.of("the file is incomplete"), A));
    Asker later = join(queue, 1).getFirst();

    assertThat(waiting.errors).singleElement().extracting(ApiError::status).isEqualTo(503);
    assertThat(waiting.errors.getFirst().message()).contains("the file is incomplete");
    assertThat(later.errors).hasSize(1);
  }

  @Test
  void aReplicaThatServesOutweighsWhatBlocksOthers() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 4, 0));

    queue.routed(route(Optional.of("no memory for more"), A));

    assertThat(join(queue, 1).getFirst().grants).hasSize(1);
  }

  @Test
  void whoWaitsBehindTheLastReplicaIsToldWhenItIsLostAndNoneCanCome() {
    VersionQueue queue = queueOf(route(Optional.of("no memory"), A));
    queue.heard(state("a", true, 1, 0));
    Asker running = join(queue, 1).getFirst();
    Asker waiting = join(queue, 1).getFirst();
    assertThat(waiting.errors).isEmpty();

    running.grants.getFirst().releaseLost();

    assertThat(waiting.errors).singleElement().extracting(ApiError::status).isEqualTo(503);
  }

  @Test
  void whoWaitsIsToldWhenTheTopologyKnewOfTheEndBeforeTheAgentSaidSo() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 1, 1));
    Asker waiting = join(queue, 1).getFirst();
    queue.routed(route(Optional.of("replicas is 0"), A));
    assertThat(waiting.errors).isEmpty();

    queue.heard(state("a", false, 1, 0));

    assertThat(waiting.errors).hasSize(1);
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void whoWaitsIsToldWhenTheOnlyAgentFallsSilentAndNoneCanCome() {
    VersionQueue queue = queueOf(route(Optional.of("no memory"), A));
    queue.heard(state("a", true, 1, 1));
    Asker waiting = join(queue, 1).getFirst();

    queue.lost("a");

    assertThat(waiting.errors).hasSize(1);
  }

  @Test
  void onlyTheFirstInLineChangesTheDemand() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 1, 0));

    assertThat(queue.join(new Asker(), false)).as("is served at once").isFalse();
    assertThat(queue.join(new Asker(), false)).as("begins the line").isTrue();
    assertThat(queue.join(new Asker(), false)).as("lengthens it").isFalse();
  }

  @Test
  void aClosedQueueSendsEverybodyToLookAgain() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    Asker waiting = join(queue, 1).getFirst();

    queue.close();
    Asker later = join(queue, 1).getFirst();

    assertThat(waiting.moved).isEqualTo(1);
    assertThat(later.moved).isEqualTo(1);
  }

  @Test
  void aRequestThatComesBackGoesFirst() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    List<Asker> askers = join(queue, 1);
    Asker back = new Asker();
    queue.join(back, true);

    queue.heard(state("a", true, 1, 0));

    assertThat(back.grants).hasSize(1);
    assertThat(askers.getFirst().grants).isEmpty();
  }

  @Test
  void aHighPriorityIsBehindWhatRunsAndNothingMore() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 2, 0));
    List<Asker> low = join(queue, 100);
    Asker high = new Asker(10);
    queue.join(high, false);
    Asker back = new Asker();
    queue.join(back, true);

    assertThat(queue.ahead(high)).isZero();
    assertThat(queue.ahead(back)).isEqualTo(1);
    assertThat(queue.ahead(low.get(2))).isEqualTo(2);
    low.get(1).grants.getFirst().release();

    assertThat(high.grants).as("the first slot that becomes free").hasSize(1);
    assertThat(low.get(2).grants).isEmpty();
    low.get(0).grants.getFirst().release();
    assertThat(back.grants).as("then who came back").hasSize(1);
  }

  @Test
  void equalsAreServedAsTheyCame() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    List<Asker> askers = new ArrayList<>();
    for (int priority : new int[] {0, 5, 0, 5, -1}) {
      Asker asker = new Asker(priority);
      askers.add(asker);
      queue.join(asker, false);
    }
    List<Integer> served = new ArrayList<>();
    queue.heard(state("a", true, 1, 0));
    for (int i = 0; i < askers.size(); i++) {
      int at = i;
      askers.stream()
          .filter(asker -> !asker.grants.isEmpty())
          .findFirst()
          .ifPresent(asker -> {
            served.add(askers.indexOf(asker));
            asker.grants.removeFirst().release();
            assertThat(served).hasSize(at + 1);
          });
    }

    assertThat(served).containsExactly(1, 3, 0, 2, 4);
  }

  @Test
  void aFullLineSaysWhenToComeBackByItsOwnPace() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    queue.heard(state("a", true, 100, 100));
    join(queue, VersionQueue.MAX_WAITING);

    Asker refused = join(queue, 1).getFirst();

    // 409 requests, 2 s each, 100 at a time
    assertThat(refused.errors)
        .singleElement()
        .satisfies(error -> {
          assertThat(error.status()).isEqualTo(503);
          assertThat(error.retryAfter()).contains(Duration.ofMillis(8_180));
        });
  }

  @Test
  void inAFullLineTheLastOfTheLowestPriorityMakesRoomForAHigherOne() {
    VersionQueue queue = queueOf(route(Optional.empty(), A));
    List<Asker> low = join(queue, VersionQueue.MAX_WAITING);

    Asker high = new Asker(1);
    queue.join(high, false);

    assertThat(high.errors).isEmpty();
    assertThat(queue.ahead(high)).isZero();
    assertThat(low.getLast().errors).singleElement().extracting(ApiError::status).isEqualTo(503);
    assertThat(queue.waiting()).isEqualTo(VersionQueue.MAX_WAITING);
  }

  @Test
  void whileNothingIsReadyTheTimeToStartIsTold() {
    assertThat(queueOf(route(Optional.empty(), A)).untilServed(3)).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noReplicaEverGetsMoreThanItsSlots(long seed) {
    Random random = new Random(seed);
    VersionQueue queue = queueOf(route(Optional.empty(), A, B));
    queue.heard(state("a", true, 3, 0));
    queue.heard(state("b", true, 2, 0));
    List<Grant> running = new ArrayList<>();
    List<Asker> all = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> all.addAll(join(queue, 1));
        case 2 -> {
          if (!running.isEmpty()) {
            running.remove(random.nextInt(running.size())).release();
          }
        }
        default -> {
          queue.heard(state("a", true, 3, count(running, A)));
          queue.heard(state("b", true, 2, count(running, B)));
        }
      }
      all.forEach(asker -> asker.takeGrants(running));
      assertThat(count(running, A)).isLessThanOrEqualTo(3);
      assertThat(count(running, B)).isLessThanOrEqualTo(2);
      assertThat(queue.inFlight()).isEqualTo(running.size());
    }
    while (!running.isEmpty()) {
      running.removeFirst().release();
      all.forEach(asker -> asker.takeGrants(running));
    }
    assertThat(queue.waiting()).isZero();
    assertThat(queue.inFlight()).isZero();
  }

  private static int count(List<Grant> grants, Endpoint endpoint) {
    return (int) grants.stream().filter(grant -> grant.endpoint().equals(endpoint)).count();
  }

  private List<Asker> join(VersionQueue queue, int count) {
    List<Asker> askers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Asker asker = new Asker();
      askers.add(asker);
      queue.join(asker, false);
    }
    return askers;
  }

  private AgentState state(String replica, boolean ready, int slots, int running) {
    return new AgentState(replica, "boot", ++sequence, ready, false, slots, running, 0, 0);
  }

  private static VersionQueue queueOf(VersionRoute route) {
    return new VersionQueue(
        route,
        new ReplicaHealths(ReplicaHealth.Policy.defaults(), () -> Instant.EPOCH),
        () -> Duration.ofSeconds(2));
  }

  private static VersionRoute route(Optional<String> blocked, Endpoint... endpoints) {
    return new VersionRoute(
        "v",
        1,
        Purpose.CHAT,
        4,
        4_096,
        Duration.ofSeconds(45),
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        blocked,
        Optional.empty(),
        List.of(endpoints));
  }

  /// A request whose loop is the calling thread.
  private static final class Asker implements Waiter {
    private final int priority;
    private final List<Grant> grants = new ArrayList<>();
    private final List<ApiError> errors = new ArrayList<>();
    private PromptBlocks prompt = PromptBlocks.NONE;
    private int moved;

    Asker() {
      this(0);
    }

    Asker(int priority) {
      this.priority = priority;
    }

    void takeGrants(List<Grant> into) {
      into.addAll(grants);
      grants.clear();
    }

    @Override
    public Executor loop() {
      return Runnable::run;
    }

    @Override
    public long affinity() {
      return 7;
    }

    @Override
    public long promptTokens() {
      return 10;
    }

    @Override
    public PromptBlocks prompt() {
      return prompt;
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public void granted(Grant grant) {
      grants.add(grant);
    }

    @Override
    public void moved() {
      moved++;
    }

    @Override
    public void refused(ApiError error) {
      errors.add(error);
    }
  }
}
