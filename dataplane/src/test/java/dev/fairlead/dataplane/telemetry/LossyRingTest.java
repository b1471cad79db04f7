package dev.fairlead.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LossyRingTest {
  @Test
  void aFullRingRefusesAndTakesAgainOnceSomethingWasTaken() {
    LossyRing<String> ring = new LossyRing<>(2);

    assertThat(ring.offer("a")).isTrue();
    assertThat(ring.offer("b")).isTrue();
    assertThat(ring.offer("c")).isFalse();
    assertThat(ring.poll()).isEqualTo("a");
    assertThat(ring.offer("d")).isTrue();
    assertThat(ring.poll()).isEqualTo("b");
    assertThat(ring.poll()).isEqualTo("d");
    assertThat(ring.poll()).isNull();
  }

  @Test
  void manyGiversLoseNothingThatWasTakenAndKeepTheirOrder() throws InterruptedException {
    int givers = 4;
    int each = 50_000;
    LossyRing<long[]> ring = new LossyRing<>(64);
    AtomicLong refused = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int giver = 0; giver < givers; giver++) {
      int number = giver;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (long i = 0; i < each; i++) {
                  if (!ring.offer(new long[] {number, i})) {
                    refused.incrementAndGet();
                    Thread.onSpinWait();
                  }
                }
              }));
    }
    long[] last = {-1, -1, -1, -1};
    long taken = 0;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      taken += takeAll(ring, last);
    }
    taken += takeAll(ring, last);

    assertThat(taken + refused.get()).isEqualTo((long) givers * each);
  }

  private static long takeAll(LossyRing<long[]> ring, long[] last) {
    long taken = 0;
    for (long[] next = ring.poll(); next != null; next = ring.poll()) {
      assertThat(next[1]).isGreaterThan(last[(int) next[0]]);
      last[(int) next[0]] = next[1];
      taken++;
    }
    return taken;
  }

  @Test
  void theCapacityIsAPowerOfTwo() {
    assertThatThrownBy(() -> new LossyRing<String>(3))
        .hasMessage("capacity is not a power of two: 3");
  }
}
