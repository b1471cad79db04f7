package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.link.AgentState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgentStateIT {
  private static final String TOKEN = "authorization: Bearer " + RawGateway.TOKEN;
  private static final StateTiming SLOW =
      new StateTiming(Duration.ofMinutes(1), Duration.ofMinutes(2));

  @Test
  void whoConnectsHearsTheStateAtOnceAndReadinessWithoutDelay() throws Exception {
    try (var test = new AgentUnderTest(3, options -> options.withState(SLOW));
        var gateway = RawGateway.get(test.port(), "/fairlead/v1/state", TOKEN)) {
      gateway.until("}\n");
      assertThat(gateway.seen()).startsWith("HTTP/1.1 200").contains("application/x-ndjson");
      assertThat(states(gateway))
          .singleElement()
          .isEqualTo(new AgentState(AgentUnderTest.REPLICA, "boot-1", 1, false, false, 3, 0, 0, 0));
      test.ready();
      gateway.until("\"ready\":true");
      test.agent.engineGone("exit code 1");
      gateway.until("\"sequence\":3");
      assertThat(states(gateway)).extracting(AgentState::ready).containsExactly(false, true, false);
    }
  }

  @Test
  void silenceIsBrokenByHeartbeats() throws Exception {
    var timing = new StateTiming(Duration.ofMillis(10), Duration.ofMillis(30));
    try (var test = new AgentUnderTest(1, options -> options.withState(timing)).ready();
        var gateway = RawGateway.get(test.port(), "/fairlead/v1/state", TOKEN)) {
      gateway.until("\n").until("}\n");
      long first = states(gateway).getLast().sequence();
      gateway.until("\"sequence\":" + (first + 3));
      assertThat(states(gateway)).allMatch(AgentState::ready);
    }
  }

  @Test
  void theLoadIsTold() throws Exception {
    try (var test = new AgentUnderTest(1).ready();
        var state = RawGateway.get(test.port(), "/fairlead/v1/state", TOKEN);
        var gateway = RawGateway.chat(test.port(), "fairlead-prompt-tokens: 77")) {
      state.until("\"running\":1,\"waiting\":0,\"queuedPrefillTokens\":77");
      test.engine.next().startEvents().text("x").complete();
      assertThat(gateway.all()).endsWith("0\r\n\r\n");
      int before = states(state).size();
      await().until(() -> test.agent.state().running() == 0);
      state.until("\"sequence\":" + (states(state).get(before - 1).sequence() + 1));
    }
  }

  @Test
  void whoDoesNotReadIsCut() throws Exception {
    int enough = 50_000;
    var timing = new StateTiming(Duration.ofNanos(1), Duration.ofNanos(2));
    try (var test = new AgentUnderTest(1, options -> options.withState(timing));
        var deaf = RawGateway.get(test.port(), "/fairlead/v1/state", TOKEN);
        var listening = RawGateway.get(test.port(), "/fairlead/v1/state", TOKEN)) {
      listening.until("\"sequence\":" + enough);
      assertThat(deaf.all()).doesNotEndWith("0\r\n\r\n");
      assertThat(states(deaf).getLast().sequence()).isLessThan(enough);
    }
  }

  @Test
  void aDrainIsToldAtOnceServesWhatRunsAndEndsWhenEverythingIsSent() throws Exception {
    try (var test = new AgentUnderTest(1, options -> options.withState(SLOW)).ready();
        var state = RawGateway.get(test.port(), "/fairlead/v1/state", TOKEN);
        var running = RawGateway.chat(test.port())) {
      state.until("}\n");
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents().text("one");
      running.until("one");
      try (var waiting = RawGateway.chat(test.port())) {
        test.awaitLoad(1, 1);
        CompletableFuture<Void> drained = test.agent.drain().toCompletableFuture();
        state.until("\"draining\":true");
        try (var late = RawGateway.chat(test.port());
            var ready = RawGateway.get(test.port(), "/ready", "connection: close")) {
          assertThat(late.all()).startsWith("HTTP/1.1 503").contains("fairlead-refusal: draining");
          assertThat(ready.all()).startsWith("HTTP/1.1 503");
        }
        assertThat(drained).isNotDone();
        call.text("two").complete();
        test.engine.next().startEvents().text("three").complete();
        assertThat(running.all()).contains("two").endsWith("0\r\n\r\n");
        assertThat(waiting.all()).contains("three").endsWith("0\r\n\r\n");
        drained.get(10, TimeUnit.SECONDS);
        assertThat(test.events).endsWith("drained");
      }
    }
  }

  @Test
  void anIdleAgentDrainsAtOnce() throws Exception {
    try (var test = new AgentUnderTest(1).ready()) {
      test.agent.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
      test.agent.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(test.events).filteredOn("drained"::equals).hasSize(1);
    }
  }

  private static List<AgentState> states(RawGateway gateway) {
    return gateway
        .seen()
        .lines()
        .filter(line -> line.startsWith("{") && line.endsWith("}"))
        .map(AgentState::parse)
        .toList();
  }
}
