package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Streamed;
import dev.fairlead.testkit.Ports;
import dev.fairlead.testkit.SystemProcesses;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// However Fairlead ends, no engine outlives it; when it is asked to, it finishes what runs.
class StopE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private static final Duration NO_ENGINE_AFTER = Duration.ofSeconds(2);

  @Test
  void ctrlCFinishesARunningStreamAndRefusesNewConnections() {
    FairleadProcess fairlead = one();
    Streamed answer = fairlead.openAi().stream(Chat.story("chat", 200));
    answer.awaitText();

    fairlead.interrupt();
    await("no new connections")
        .atMost(Duration.ofSeconds(10))
        .until(() -> !Ports.isListening(fairlead.port()));
    boolean stillRuns = !answer.isOver();

    assertThat(answer.awaitEnd().failure()).as("%s", answer).isEmpty();
    assertThat(stillRuns).as("the stream outlasts the closing of the port").isTrue();
    assertThat(answer.finishReason()).contains("length");
    assertThat(answer.done()).isTrue();
    assertThat(fairlead.awaitExit(Duration.ofSeconds(20))).isZero();
    assertThat(fairlead.children()).isEmpty();
    assertThat(fairlead.out()).contains("Stopping").contains("Ctrl-C again stops at once");
  }

  @Test
  void aSecondCtrlCStopsAtOnce() {
    FairleadProcess fairlead = one();
    Streamed answer = fairlead.openAi().stream(Chat.story("chat", 4000));
    answer.awaitText();

    fairlead.interrupt();
    await("it drains").atMost(Duration.ofSeconds(10)).until(() -> fairlead.out().contains("Stopp"));
    fairlead.interrupt();
    fairlead.expectExit(130);

    assertThat(fairlead.awaitExit(Duration.ofSeconds(5))).isEqualTo(130);
    assertThat(answer.awaitEnd().failure()).isPresent();
    assertThat(answer.done()).isFalse();
    noEngineIsLeft(fairlead);
  }

  @Test
  void sigtermStopsAsCtrlCDoes() {
    FairleadProcess fairlead = one();
    Streamed answer = fairlead.openAi().stream(Chat.story("chat", 100));
    answer.awaitText();

    fairlead.terminate();

    assertThat(answer.awaitEnd().failure()).isEmpty();
    assertThat(answer.done()).isTrue();
    assertThat(fairlead.awaitExit(Duration.ofSeconds(20))).isZero();
    noEngineIsLeft(fairlead);
  }

  @Test
  void killingFairleadEndsItsEngines() {
    FairleadProcess fairlead = one();
    long engine = fairlead.control().enginePid().orElseThrow();
    assertThat(SystemProcesses.isRunning(engine)).isTrue();

    fairlead.kill();

    noEngineIsLeft(fairlead);
    assertThat(SystemProcesses.isRunning(engine)).isFalse();
  }

  @Test
  void killingTheWatcherDoesNotLeaveAnEngineBehind() {
    FairleadProcess fairlead = one();
    long engine = fairlead.control().enginePid().orElseThrow();
    long watcher = ProcessHandle.of(engine).orElseThrow().parent().orElseThrow().pid();
    assertThat(watcher).isNotEqualTo(fairlead.pid());

    SystemProcesses.signal(watcher, "KILL");

    await("the engine is gone")
        .atMost(Duration.ofSeconds(10))
        .until(() -> !SystemProcesses.isRunning(engine));
    fairlead.control().awaitReady(1);
  }

  private static void noEngineIsLeft(FairleadProcess fairlead) {
    await("no engine is left")
        .atMost(NO_ENGINE_AFTER)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(fairlead.children()).isEmpty());
  }

  private FairleadProcess one() {
    FairleadProcess fairlead =
        fairleads.up(Ingredients.model("chat", Ingredients.model(), "minReplicas: 1"));
    fairlead.control().awaitReady(1);
    return fairlead;
  }
}
