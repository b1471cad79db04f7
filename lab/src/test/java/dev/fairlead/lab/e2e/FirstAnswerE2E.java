package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.lab.harness.Streamed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `fairlead up` without arguments leads to answers of a real model.
class FirstAnswerE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static final Chat CAPITAL =
      Chat.ask(Ingredients.DEMO, "What is the capital of France?").maxTokens(40);

  private static FairleadProcess fairlead;

  @BeforeAll
  static void start() {
    fairlead = FAIRLEADS.up(Start.with());
  }

  @Test
  void theStartTellsWhereItServesAndThatTheModelIsAToy() {
    assertThat(fairlead.out())
        .contains("OpenAI API  " + fairlead.url() + "/v1")
        .contains("curl -N " + fairlead.url() + "/v1/chat/completions")
        .contains("toy")
        .contains("fairlead up ~/model.gguf");
  }

  @Test
  void aStreamedAnswerComesInPiecesAndEndsProperly() {
    Streamed answer = fairlead.openAi().stream(CAPITAL);

    assertThat(answer.awaitEnd().failure()).isEmpty();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type").orElse("")).startsWith("text/event-stream");
    assertThat(answer.text()).contains("Paris");
    assertThat(answer.finishReason()).contains("stop");
    assertThat(answer.done()).isTrue();
    assertThat(answer.usage()).as("usage that nobody asked for").isEmpty();
    assertThat(answer.events()).hasSizeGreaterThan(3).allSatisfy(FirstAnswerE2E::isChunk);
    assertThat(answer.events().stream().map(event -> event.path("id").asText()).distinct())
        .hasSize(1);
    assertThat(answer.events().getFirst().at("/choices/0/delta/role").asText())
        .isEqualTo("assistant");
  }

  private static void isChunk(JsonNode event) {
    assertThat(event.path("object").asText()).isEqualTo("chat.completion.chunk");
    assertThat(event.path("model").asText()).isEqualTo(Ingredients.DEMO);
    assertThat(event.path("id").asText()).startsWith("chatcmpl-");
    assertThat(event.path("created").asLong()).isPositive();
    assertThat(event.has("timings")).as("the engine's own fields").isFalse();
  }

  @Test
  void usageComesInTheLastChunkWhenAskedFor() {
    Streamed answer =
        fairlead.openAi().stream(CAPITAL.with("stream_options", "{\"include_usage\":true}"));

    assertThat(answer.awaitEnd().failure()).isEmpty();
    JsonNode last = answer.events().getLast();
    assertThat(last.path("choices")).isEmpty();
    assertThat(last.at("/usage/prompt_tokens").asInt()).isPositive();
    assertThat(last.at("/usage/completion_tokens").asInt()).isPositive();
    assertThat(last.at("/usage/total_tokens").asInt())
        .isEqualTo(
            last.at("/usage/prompt_tokens").asInt() + last.at("/usage/completion_tokens").asInt());
  }

  @Test
  void aWholeAnswerHasTextReasonAndUsage() {
    Answer answer = fairlead.openAi().chat(CAPITAL);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("Paris");
    assertThat(answer.json().path("object").asText()).isEqualTo("chat.completion");
    assertThat(answer.json().path("model").asText()).isEqualTo(Ingredients.DEMO);
    assertThat(answer.json().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.json().at("/usage/completion_tokens").asInt()).isPositive();
  }

  @Test
  void anAnswerThatIsCutByMaxTokensSaysLength() {
    Answer answer = fairlead.openAi().chat(CAPITAL.maxTokens(3));

    assertThat(answer.json().at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(answer.json().at("/usage/completion_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void completionsContinueAText() {
    String body =
        """
        {"model":"%s","prompt":"The capital of France is","max_tokens":8,"temperature":0}\
        """
            .formatted(Ingredients.DEMO);

    Answer answer = fairlead.openAi().post("/v1/completions", body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("object").asText()).isEqualTo("text_completion");
    assertThat(answer.json().at("/choices/0/text").asText()).contains("Paris");
  }

  @Test
  void anUnknownModelIsA404WithTheNamesThatExist() {
    Answer answer = fairlead.openAi().chat(Chat.ask("smollm", "Hello"));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.errorCode()).isEqualTo("model_not_found");
    assertThat(answer.errorMessage()).contains("smollm").contains(Ingredients.DEMO);
    assertThat(fairlead.openAi().get("/v1/models/smollm").status()).isEqualTo(404);
  }

  @Test
  void atZeroReplicasTheModelIsListedAndATooLongPromptIsRefusedBeforeAnyEvent() {
    Control control = fairlead.control();
    assertThat(FAIRLEADS.run("scale", Ingredients.DEMO, "--replicas", "0").exitCode()).isZero();
    control.awaitReplicas(0);
    try {
      JsonNode models = fairlead.openAi().get("/v1/models").json();
      assertThat(models.path("object").asText()).isEqualTo("list");
      assertThat(models.at("/data/0/id").asText()).isEqualTo(Ingredients.DEMO);
      assertThat(models.at("/data/0/object").asText()).isEqualTo("model");
      assertThat(fairlead.openAi().get("/v1/models/" + Ingredients.DEMO).json().path("id").asText())
          .isEqualTo(Ingredients.DEMO);
    } finally {
      assertThat(FAIRLEADS.run("scale", Ingredients.DEMO, "--replicas", "auto").exitCode())
          .isZero();
    }
    refusesATooLongPrompt();
  }

  @Test
  void aTooLongPromptIsRefusedBeforeAnyEventWhileAReplicaRuns() {
    assertThat(fairlead.openAi().chat(CAPITAL).status()).isEqualTo(200);

    refusesATooLongPrompt();
  }

  private static void refusesATooLongPrompt() {
    Chat tooLong = Chat.ask(Ingredients.DEMO, "word ".repeat(40_000)).maxTokens(4);
    Streamed streamed = fairlead.openAi().stream(tooLong);
    streamed.awaitEnd();
    assertThat(streamed.status()).isEqualTo(400);
    assertThat(streamed.lines()).noneMatch(line -> line.text().startsWith("data:"));

    Answer whole = fairlead.openAi().chat(tooLong);
    assertThat(whole.status()).isEqualTo(400);
    assertThat(whole.errorCode()).isEqualTo("context_length_exceeded");
    assertThat(whole.errorMessage()).containsPattern("maximum context length is \\d+ tokens");
  }
}
