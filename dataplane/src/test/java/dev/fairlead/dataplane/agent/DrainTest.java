package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainTest {
  private final EmbeddedChannel time = new EmbeddedChannel();
  private boolean idle;
  private boolean sent;
  private int told;
  private final Drain drain = new Drain(time.eventLoop(), () -> idle, () -> sent, () -> told++);

  @BeforeEach
  void freeze() {
    time.freezeTime();
  }

  @AfterEach
  void stop() {
    time.finishAndReleaseAll();
  }

  @Test
  void itEndsAtOnceWhereNothingRuns() {
    idle = true;
    sent = true;
    drain.begin();
    assertThat(drain.done().toCompletableFuture()).isCompleted();
    assertThat(told).isEqualTo(1);
  }

  @Test
  void itWaitsForWhatRunsAndForItsLastBytes() {
    drain.begin();
    drain.look();
    assertThat(drain.done().toCompletableFuture()).isNotDone();
    idle = true;
    drain.look();
    pass(200);
    assertThat(drain.done().toCompletableFuture()).isNotDone();
    sent = true;
    pass(20);
    assertThat(drain.done().toCompletableFuture()).isCompleted();
    assertThat(told).isEqualTo(1);
  }

  @Test
  void beingIdleIsNoDrain() {
    idle = true;
    sent = true;
    drain.look();
    assertThat(drain.done().toCompletableFuture()).isNotDone();
  }

  private void pass(long millis) {
    for (long passed = 0; passed < millis; passed += 20) {
      time.advanceTimeBy(20, TimeUnit.MILLISECONDS);
      time.runScheduledPendingTasks();
    }
  }
}
