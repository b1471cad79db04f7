package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.dataplane.agent.AdmissionQueue.Permit;
import dev.fairlead.dataplane.link.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdmissionQueueTest {
  private final AdmissionQueue queue = new AdmissionQueue(2, () -> {});
  private final List<String> turns = new ArrayList<>();

  @Test
  void nothingIsTakenBeforeTheEngineIsReady() {
    assertThat(queue.refusal()).contains(Refusal.NOT_READY);
    assertThatThrownBy(() -> admit("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneBatchRunsOneBatchWaitsAndTheNextIsRefused() {
    queue.ready(true);
    assertThat(admit("a").runs()).isTrue();
    assertThat(admit("b").runs()).isTrue();
    assertThat(admit("c").runs()).isFalse();
    assertThat(admit("d").runs()).isFalse();
    assertThat(queue.refusal()).contains(Refusal.BUSY);
    assertThat(queue.running()).isEqualTo(2);
    assertThat(queue.waiting()).isEqualTo(2);
    assertThat(turns).isEmpty();
  }

  @Test
  void whoWaitsLongestIsNext() {
    queue.ready(true);
    Permit a = admit("a");
    Permit b = admit("b");
    admit("c");
    admit("d");
    b.giveBack();
    assertThat(turns).containsExactly("c");
    a.giveBack();
    assertThat(turns).containsExactly("c", "d");
  }

  @Test
  void whoLeavesWhileWaitingIsPassedOver() {
    queue.ready(true);
    Permit a = admit("a");
    admit("b");
    Permit c = admit("c");
    admit("d");
    c.giveBack();
    a.giveBack();
    assertThat(turns).containsExactly("d");
    assertThat(queue.running()).isEqualTo(2);
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void aPermitGivenBackTwiceFreesOnePlace() {
    queue.ready(true);
    Permit a = admit("a");
    admit("b");
    a.giveBack();
    a.giveBack();
    assertThat(queue.running()).isEqualTo(1);
  }

  @Test
  void drainingRefusesNewOnesButServesWhoWaits() {
    queue.ready(true);
    Permit a = admit("a");
    Permit b = admit("b");
    Permit c = admit("c");
    queue.drain();
    assertThat(queue.refusal()).contains(Refusal.DRAINING);
    a.giveBack();
    assertThat(turns).containsExactly("c");
    b.giveBack();
    c.giveBack();
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void nobodyIsSentToAnEngineThatIsGone() {
    queue.ready(true);
    Permit a = admit("a");
    admit("b");
    Permit c = admit("c");
    queue.ready(false);
    a.giveBack();
    assertThat(turns).isEmpty();
    c.giveBack();
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void aPromptCountsAsQueuedUntilItsFirstToken() {
    queue.ready(true);
    Permit a = queue.admit(100, () -> {});
    Permit b = queue.admit(20, () -> {});
    Permit c = queue.admit(3, () -> {});
    assertThat(queue.queuedPrefillTokens()).isEqualTo(123);
    a.promptRead();
    a.promptRead();
    assertThat(queue.queuedPrefillTokens()).isEqualTo(23);
    a.giveBack();
    assertThat(queue.queuedPrefillTokens()).isEqualTo(23);
    c.giveBack();
    b.giveBack();
    assertThat(queue.queuedPrefillTokens()).isZero();
  }

  @Test
  void everyChangeIsTold() {
    List<Integer> seen = new ArrayList<>();
    var told = new AdmissionQueue[1];
    told[0] = new AdmissionQueue(1, () -> seen.add(told[0].running()));
    told[0].ready(true);
    Permit permit = told[0].admit(1, () -> {});
    permit.giveBack();
    assertThat(seen).startsWith(1).endsWith(0);
  }

  @Test
  void countsNeverLeaveTheirBoundsWhateverTheOrder() {
    var random = new Random(7);
    var slots = new AdmissionQueue(3, () -> {});
    slots.ready(true);
    List<Permit> permits = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      if (slots.refusal().isEmpty() && random.nextInt(5) < 3) {
        permits.add(slots.admit(random.nextInt(9), () -> {}));
      } else if (!permits.isEmpty()) {
        Permit any = permits.remove(random.nextInt(permits.size()));
        if (random.nextBoolean()) {
          any.promptRead();
        }
        any.giveBack();
      }
      assertThat(slots.running() + slots.waiting()).isEqualTo(permits.size());
      assertThat(slots.running()).isBetween(0, 3);
      assertThat(slots.waiting() == 0 || slots.running() == 3).isTrue();
    }
    permits.forEach(Permit::giveBack);
    assertThat(slots.idle()).isTrue();
    assertThat(slots.queuedPrefillTokens()).isZero();
  }

  private Permit admit(String name) {
    return queue.admit(1, () -> turns.add(name));
  }
}
