package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Streamed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Edits of the YAML while it is served.
class EditE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  @Test
  void anEditTakesOverWithoutCuttingAStream() {
    Path model = Ingredients.model();
    FairleadProcess fairlead =
        fairleads.up(Ingredients.model("chat", model, "engine: {contextLength: 4096}"));
    Control control = fairlead.control();
    control.awaitReady(1);
    String before = activeVersion(control);
    Streamed answer = fairlead.openAi().stream(Chat.story("chat", 900));
    answer.awaitText();

    edit(Ingredients.model("chat", model, "engine: {contextLength: 2048}"));

    control.awaitEvent("RolloutStarted");
    Control.Event switched = control.awaitEvent("Switched");
    boolean acrossTheSwitch = !answer.isOver();
    assertThat(switched.message()).contains("takes over from " + before);
    assertThat(activeVersion(control)).isNotEqualTo(before);
    ask(fairlead, "chat");

    assertThat(answer.awaitEnd().failure()).as("%s", answer).isEmpty();
    assertThat(acrossTheSwitch).as("the stream outlasts the switch").isTrue();
    assertThat(answer.finishReason()).contains("length");
    assertThat(answer.done()).isTrue();
    control.awaitReplicas(1);
    assertThat(control.events())
        .anyMatch(event -> event.reason().equals("Draining") && event.object().startsWith(before));
  }

  @Test
  void anEditWithAnErrorIsRefusedAndTheOldGoesOn() {
    Path model = Ingredients.model();
    FairleadProcess fairlead = fairleads.up(Ingredients.model("chat", model));
    Control control = fairlead.control();
    control.awaitReady(1);

    edit(Ingredients.model("chat", model, "minReplica: 2"));

    control.awaitEvent("EditRefused");
    assertThat(fairlead.err())
        .contains("models.yaml:8")
        .contains("minReplica")
        .contains("minReplicas");
    ask(fairlead, "chat");
    assertThat(control.replicaCount()).isEqualTo(1);

    edit(Ingredients.model("chat", model, "minReplicas: 2", "maxReplicas: 2"));
    control.awaitEvent("EditTaken");
    control.awaitReady(2);
    assertThat(control.events()).noneMatch(event -> event.reason().equals("RolloutStarted"));
  }

  @Test
  void aNewVersionThatCannotLoadIsRejectedAndTheOldServes() throws IOException {
    Path model = Ingredients.model();
    FairleadProcess fairlead = fairleads.up(Ingredients.model("chat", model));
    Control control = fairlead.control();
    control.awaitReady(1);
    String before = activeVersion(control);
    Path cut = fairleads.folder().resolve("cut.gguf");
    try (InputStream in = Files.newInputStream(model)) {
      Files.write(cut, in.readNBytes(8 << 20));
    }

    edit(Ingredients.model("chat", cut));

    Control.Event rejected = control.awaitEvent("RolloutRejected");
    assertThat(rejected.message()).contains("holding " + before).contains("cut.gguf");
    assertThat(activeVersion(control)).isEqualTo(before);
    ask(fairlead, "chat");

    edit(Ingredients.model("chat", model, "engine: {maxBatchSize: 2}"));
    control.awaitEvent("Switched");
    ask(fairlead, "chat");
  }

  @Test
  void twoModelsAreServedAtOnceAndAModelCanPointAtAnotherVersion() {
    Path model = Ingredients.model();
    String versions =
        Ingredients.version("tales-v1", model, "version: v1")
            + "---\n"
            + Ingredients.version("tales-v2", model, "version: v2", "engine: {maxBatchSize: 2}")
            + "---\n"
            + Ingredients.version("alone", model)
            + "---\n";
    FairleadProcess fairlead = fairleads.up(versions + pointing("tales-v1"));
    Control control = fairlead.control();
    ask(fairlead, "tales");
    ask(fairlead, "stories");
    ask(fairlead, "alone");
    assertThat(names(fairlead.openAi().get("/v1/models").json())).contains("tales", "alone");

    edit(versions + pointing("tales-v2"));

    assertThat(control.awaitEvent("Switched").message()).contains("tales-v2 takes over");
    ask(fairlead, "tales");
    ask(fairlead, "alone");
  }

  private static String pointing(String version) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: Model
    metadata:
      name: tales
    spec:
      version: %s
      aliases: [stories]
    """
        .formatted(version);
  }

  private static String names(JsonNode list) {
    StringBuilder names = new StringBuilder();
    list.path("data").forEach(item -> names.append(item.path("id").asText()).append(' '));
    return names.toString();
  }

  private void edit(String yaml) {
    fairleads.file("models.yaml", yaml);
  }

  private static String activeVersion(Control control) {
    return control.overview().at("/models/0/activeVersion").asText();
  }

  private static void ask(FairleadProcess fairlead, String model) {
    Answer answer = fairlead.openAi().chat(Chat.ask(model, "Say hello.").maxTokens(4));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.text()).isNotEmpty();
  }
}
