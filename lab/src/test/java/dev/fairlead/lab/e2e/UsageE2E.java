package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.clients.Served;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Streamed;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The usage ledger of the running product, against what the real engine counts itself.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class UsageE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static FairleadProcess fairlead;
  private static EngineCounters before;

  @BeforeAll
  static void serve() {
    fairlead = Served.real(FAIRLEADS);
    fairlead.control().awaitReady(2);
    before = EngineCounters.of(fairlead);
  }

  @Test
  @Order(1)
  void itsSumsAreWhatTheEnginesCounted() {
    OpenAi openAi = fairlead.openAi();
    Chat question = Chat.ask(Served.CHAT, "What is the capital of France?").maxTokens(24);
    for (int i = 0; i < 3; i++) {
      assertThat(openAi.chat(question).status()).isEqualTo(200);
      assertThat(openAi.chat(question.with("user", Json.quoted("zoë"))).status()).isEqualTo(200);
      whole(openAi.stream(question));
      whole(openAi.stream(question.with("stream_options", "{\"include_usage\":true}")));
    }
    for (int i = 0; i < 3; i++) {
      Answer vectors =
          openAi.post(
              "/v1/embeddings", "{\"model\":\"embeddings\",\"input\":[\"One\",\"Two words\"]}");
      assertThat(vectors.status()).as(vectors.body()).isEqualTo(200);
    }
    leavesAtTheFinishReason(openAi.stream(question));

    JsonNode total = awaitRequests(16).path("total");
    EngineCounters engines = EngineCounters.of(fairlead).since(before);
    assertThat(total.path("estimatedRequests").asLong()).isZero();
    assertThat(total.path("promptTokens").asLong())
        .as("prompts, as the agents count them")
        .isEqualTo(engines.agentPrompt());
    assertThat(total.path("completionTokens").asLong())
        .as("answers, as the agents count them")
        .isEqualTo(engines.agentGenerated());
    assertThat(total.path("promptTokens").asLong() - total.path("cachedTokens").asLong())
        .as("prompts without what was cached, as llama.cpp counts them")
        .isEqualTo(engines.enginePrompt());
    assertThat(total.path("completionTokens").asLong())
        .as("answers, as llama.cpp counts them")
        .isEqualTo(engines.engineGenerated());
  }

  @Test
  @Order(2)
  void usersAreToldApart() {
    Finished csv = FAIRLEADS.run("usage", "--by", "user", "-o", "csv");
    assertThat(csv.out().lines())
        .anySatisfy(line -> assertThat(line).startsWith("zoë,3,"))
        .anySatisfy(line -> assertThat(line).startsWith(",13,"));
  }

  @Test
  @Order(3)
  void whoLeavesInTheMiddlePaysForWhatHadCome() {
    EngineCounters earlier = EngineCounters.of(fairlead);
    JsonNode was = usage().path("total");
    try (Streamed story = fairlead.openAi().stream(Chat.story(Served.CHAT, 800))) {
      await("twenty pieces")
          .atMost(Duration.ofMinutes(1))
          .until(() -> story.events().size() >= 20 || story.isOver());
    }
    JsonNode total = awaitRequests(17).path("total");
    await("agent and engine have noticed")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          EngineCounters now = EngineCounters.of(fairlead).since(earlier);
          return now.agentGenerated() > 0 && now.engineGenerated() >= now.agentGenerated();
        });
    long completion =
        total.path("completionTokens").asLong() - was.path("completionTokens").asLong();
    assertThat(total.path("estimatedRequests").asLong()).isEqualTo(1);
    assertThat(total.path("promptTokens").asLong())
        .isGreaterThan(was.path("promptTokens").asLong());
    // Each is a little behind the one below it when it hears that the client has left.
    assertThat(completion)
        .isBetween(19L, EngineCounters.of(fairlead).since(earlier).agentGenerated());
  }

  /// What was answered is in the ledger whatever happens to the process.
  @Test
  @Order(4)
  void aKilledFairleadForgetsNothingThatWasShown() {
    JsonNode total = usage().path("total");
    assertThat(total.path("requests").asLong()).isEqualTo(17);
    fairlead.kill();
    fairlead.awaitExit(Duration.ofSeconds(30));

    fairlead = Served.real(FAIRLEADS);
    assertThat(usage().path("total")).isEqualTo(total);
  }

  private static void whole(Streamed answer) {
    answer.awaitEnd();
    assertThat(answer.done()).as(answer.toString()).isTrue();
  }

  private static void leavesAtTheFinishReason(Streamed answer) {
    try (answer) {
      await("the finish reason")
          .atMost(Duration.ofMinutes(1))
          .until(() -> answer.finishReason().isPresent() || answer.isOver());
    }
  }

  /// A row follows the end of its answer.
  private static JsonNode awaitRequests(long count) {
    return await(count + " requests in the ledger")
        .atMost(Duration.ofSeconds(30))
        .until(UsageE2E::usage, usage -> usage.at("/total/requests").asLong() == count);
  }

  private static JsonNode usage() {
    return fairlead.control().client().get("/fairlead/v1/usage?by=model,user").json();
  }
}
