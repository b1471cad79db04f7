package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.net.TimerWheel.Timer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final TimerWheel wheel = TimerWheel.of(channel.eventLoop());
  private final List<String> come = new ArrayList<>();
  private long now;

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private Timer set(String name, long millis) {
    return wheel.schedule(() -> come.add(name), Duration.ofMillis(millis));
  }

  private void advance(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    now += millis;
  }

  @Test
  void aTimeOutComesInTimeAndOnce() {
    set("a", 700);
    advance(699);
    assertThat(come).isEmpty();
    advance(21);
    assertThat(come).containsExactly("a");
    advance(60_000);
    assertThat(come).containsExactly("a");
  }

  @Test
  void aLiftedOneNeverComes() {
    Timer lifted = set("lifted", 100);
    set("other", 100);
    lifted.cancel();
    lifted.cancel();
    advance(200);
    assertThat(come).containsExactly("other");
  }

  @Test
  void oneMayLiftAnotherThatIsDueInTheSameTurn() {
    List<Timer> others = new ArrayList<>();
    wheel.schedule(() -> others.forEach(Timer::cancel), Duration.ofMillis(30));
    others.add(set("b", 30));
    others.add(set("c", 30));
    advance(100);
    assertThat(come).isEmpty();
  }

  @Test
  void oneThatThrowsStopsNoOther() {
    wheel.schedule(
        () -> {
          throw new IllegalStateException("planted");
        },
        Duration.ofMillis(30));
    set("b", 30);
    advance(100);
    assertThat(come).containsExactly("b");
  }

  @Test
  void noneIsEarlyAndNoneMoreThanATickLate() {
    Random random = new Random(1);
    List<Timer> lifted = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      long due = now + random.nextInt(60_000);
      Timer timer =
          wheel.schedule(
              () -> {
                assertThat(now).as("early").isGreaterThanOrEqualTo(due - 7);
                assertThat(now).as("late").isLessThanOrEqualTo(due + 20 + 7);
                come.add("x");
              },
              Duration.ofMillis(due - now));
      if (random.nextInt(4) == 0) {
        timer.cancel();
        lifted.add(timer);
      }
      if (random.nextInt(3) == 0) {
        advance(7);
      }
    }
    while (now < 80_000) {
      advance(7);
    }
    assertThat(come).hasSize(2_000 - lifted.size());
  }
}
