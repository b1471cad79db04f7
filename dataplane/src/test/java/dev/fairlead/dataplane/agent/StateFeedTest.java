package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.link.AgentState;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StateFeedTest {
  private final EmbeddedChannel time = new EmbeddedChannel();
  private final List<AgentState> heard = new ArrayList<>();
  private int running;
  private final StateFeed feed =
      new StateFeed(
          time.eventLoop(),
          sequence -> new AgentState("r", "b", sequence, true, false, 4, running, 0, 0),
          new StateTiming(Duration.ofMillis(100), Duration.ofSeconds(2)));

  @BeforeEach
  void start() {
    time.freezeTime();
    feed.start();
  }

  @AfterEach
  void stop() {
    feed.close();
    time.finishAndReleaseAll();
  }

  @Test
  void whoSubscribesHearsTheStateAtOnce() {
    subscribe();
    assertThat(heard).hasSize(1);
  }

  @Test
  void theFirstChangeIsToldAtOnceAndABurstOfThemOnceMore() {
    subscribe();
    for (int i = 1; i <= 50; i++) {
      running = i;
      feed.changed();
    }
    assertThat(heard).extracting(AgentState::running).containsExactly(0, 1);
    pass(99);
    assertThat(heard).hasSize(2);
    pass(1);
    assertThat(heard).extracting(AgentState::running).containsExactly(0, 1, 50);
  }

  @Test
  void aSecondOfChangesGivesAtMostTenMessages() {
    subscribe();
    heard.clear();
    for (int i = 0; i < 999; i++) {
      running = i;
      feed.changed();
      pass(1);
    }
    assertThat(heard).hasSize(10);
  }

  @Test
  void whatIsUrgentDoesNotWait() {
    subscribe();
    feed.changed();
    running = 7;
    feed.changedUrgently();
    assertThat(heard).last().extracting(AgentState::running).isEqualTo(7);
  }

  @Test
  void silenceEndsWithAHeartbeat() {
    subscribe();
    pass(1_999);
    assertThat(heard).hasSize(1);
    pass(1);
    assertThat(heard).hasSize(2);
    pass(2_000);
    assertThat(heard).hasSize(3);
  }

  @Test
  void theHeartbeatCountsFromTheLastMessage() {
    subscribe();
    pass(1_500);
    feed.changed();
    pass(1_900);
    assertThat(heard).hasSize(2);
    pass(100);
    assertThat(heard).hasSize(3);
  }

  @Test
  void sequencesGrow() {
    subscribe();
    feed.changedUrgently();
    feed.changedUrgently();
    assertThat(heard).extracting(AgentState::sequence).containsExactly(1L, 2L, 3L);
    assertThat(feed.sequence()).isEqualTo(3);
  }

  @Test
  void whoTakesNoMoreGetsNoMore() {
    feed.subscribe(line -> {
      heard.add(AgentState.parse(line));
      return heard.size() < 2;
    });
    feed.changedUrgently();
    feed.changedUrgently();
    assertThat(heard).hasSize(2);
    assertThat(feed.subscribers()).isZero();
  }

  @Test
  void afterTheEndNothingIsTold() {
    subscribe();
    feed.close();
    feed.changedUrgently();
    pass(10_000);
    assertThat(heard).hasSize(1);
  }

  private void subscribe() {
    feed.subscribe(line -> heard.add(AgentState.parse(line)));
  }

  private void pass(long millis) {
    for (long passed = 0; passed < millis; passed++) {
      time.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      time.runScheduledPendingTasks();
    }
  }
}
