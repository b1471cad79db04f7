package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Streamed;
import dev.fairlead.testkit.SystemProcesses;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What users see when an engine is killed.
class CrashE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  @Test
  void anAnswerThatLosesItsEngineEndsWithAnErrorAndTheReplicaComesBack() {
    FairleadProcess fairlead = one();
    Control control = fairlead.control();
    Streamed watch = control.client().watch();
    Streamed answer = fairlead.openAi().stream(Chat.story("chat", 900));
    answer.awaitText();
    long engine = control.enginePid().orElseThrow();

    SystemProcesses.signal(engine, "KILL");

    Streamed.End end = answer.awaitEnd();
    assertThat(answer.error()).as("%s", answer).isPresent();
    assertThat(answer.error().orElseThrow().path("message").asText()).contains("not complete");
    assertThat(answer.done()).isFalse();
    assertThat(end.failure()).as("the body must not end cleanly").isPresent();

    JsonNode replica = control.awaitReady(1).getFirst();
    assertThat(replica.path("pid").asLong()).isNotEqualTo(engine);
    assertThat(replica.path("restarts").asInt()).isEqualTo(1);
    assertThat(fairlead.openAi().chat(Chat.ask("chat", "Say hello.").maxTokens(4)).status())
        .isEqualTo(200);
    assertThat(control.awaitEvent("EngineFailed").message()).contains("SIGKILL");
    watch.awaitLine(
        "the cause on the console's stream",
        line -> line.text().contains("EngineFailed") && line.text().contains("SIGKILL"));
    watch.close();
  }

  @Test
  void aCrashBeforeTheFirstWordIsNotSeenByTheClient() {
    FairleadProcess fairlead = one();
    Control control = fairlead.control();
    String tale = "The ship sailed on and on across the wide blue sea. ".repeat(60);
    Streamed answer =
        fairlead.openAi().stream(Chat.ask("chat", tale + "How does it go on?").maxTokens(8));
    await("the engine reads the prompt")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> control.replicas("Ready").getFirst().path("running").asInt() == 1);

    SystemProcesses.signal(control.enginePid().orElseThrow(), "KILL");

    assertThat(answer.awaitEnd().failure()).as("%s", answer).isEmpty();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.error()).isEmpty();
    assertThat(answer.text()).isNotEmpty();
    assertThat(answer.done()).isTrue();
    assertThat(control.awaitEvent("EngineFailed").message()).contains("SIGKILL");
  }

  private FairleadProcess one() {
    FairleadProcess fairlead =
        fairleads.up(Ingredients.model("chat", Ingredients.model(), "minReplicas: 1"));
    fairlead.control().awaitReady(1);
    return fairlead;
  }
}
