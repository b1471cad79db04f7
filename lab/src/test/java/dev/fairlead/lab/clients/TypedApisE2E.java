package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Streamed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// OpenAI's Responses API, Anthropic's Messages API and ranking, by the engine's own endpoints and
/// with the libraries of their inventors.
final class TypedApisE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static final String RANK = "rank";

  private static FairleadProcess real;
  private static FairleadProcess fake;

  @BeforeAll
  static void serve() {
    String chat =
        Ingredients.model(
            Served.CHAT,
            Ingredients.model(),
            "minReplicas: 1",
            "engine: {contextLength: %d}".formatted(Served.CONTEXT_LENGTH));
    String rank =
        Ingredients.model(
            RANK, EmbeddingModel.obtain(), "minReplicas: 1", "engine: {args: [--pooling, rank]}");
    real = FAIRLEADS.up(chat + "---\n" + rank);
    fake = Served.fakeWithKey(FAIRLEADS);
  }

  @TestFactory
  Stream<DynamicTest> byNode() {
    Map<String, String> environment =
        Map.of(
            "REAL_URL", real.url().toString(),
            "FAKE_URL", fake.url().toString(),
            "FAKE_KEY", Served.key(fake),
            "CONTROL_URL", real.control().url().toString(),
            "CONTROL_TOKEN", real.control().token());
    return NodeChecks.run(
        "typed.mjs", List.of(), environment, Duration.ofMinutes(2), real::transcript);
  }

  @Test
  void openAisJavaLibraryFindsAllThatItRequires() {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(real.url() + "/v1")
            .apiKey("none")
            .maxRetries(0)
            .build();
    try {
      var request =
          ResponseCreateParams.builder()
              .model(Served.CHAT)
              .instructions("You are a helpful assistant.")
              .input("What is the capital of France?")
              .temperature(0.0)
              .build();
      assertComplete(client.responses().create(request));

      var whole = ResponseAccumulator.create();
      try (var events = client.responses().createStreaming(request)) {
        events.stream().forEach(event -> whole.accumulate(event.validate()));
      }
      assertComplete(whole.response());
    } finally {
      client.close();
    }
  }

  private static void assertComplete(Response response) {
    response.validate();
    assertThat(response.status()).contains(ResponseStatus.COMPLETED);
    assertThat(response.usage().orElseThrow().outputTokens()).isPositive();
    assertThat(
            response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(text -> text.text())
                .collect(Collectors.joining()))
        .contains("Paris");
    assertThat(response.output()).allMatch(ResponseOutputItem::isMessage);
  }

  @Test
  void textsAreRankedAndAModelThatCannotSaysSo() {
    String body =
        """
        {"model": "%s", "query": "a ship", "documents": ["a boat on the sea", "a car"], "top_n": 2}\
        """;
    Answer ranked = real.openAi().post("/v1/rerank", body.formatted(RANK));
    assertThat(ranked.status()).as(ranked.body()).isEqualTo(200);
    assertThat(ranked.json().path("model").asText()).isEqualTo(RANK);
    assertThat(ranked.json().path("results")).hasSize(2);
    assertThat(ranked.json().at("/results/0/relevance_score").isNumber()).isTrue();
    assertThat(settled(ranked.header("x-request-id").orElseThrow()).path("promptTokens").asInt())
        .isPositive();

    Answer refused = real.openAi().post("/v1/rerank", body.formatted(Served.CHAT));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorMessage()).contains("/v1/chat/completions");
  }

  @Test
  void aStreamThatIsReadToItsEndIsSettledWithItsUsage() {
    for (var kind : Map.of("responses", RESPONSE, "messages", MESSAGE).entrySet()) {
      Streamed stream = real.openAi().stream("/v1/" + kind.getKey(), kind.getValue());
      stream.awaitEnd();
      JsonNode settled = settled(stream.header("x-request-id").orElseThrow());
      assertThat(settled.path("outcome").asText()).isEqualTo("success");
      assertThat(settled.path("kind").asText()).isEqualTo(kind.getKey());
      assertThat(settled.path("promptTokens").asInt()).isPositive();
      assertThat(settled.path("completionTokens").asInt()).isPositive();
    }
  }

  @Test
  void whoLeavesBeforeTheEndStopsTheEngine() {
    String longer = MESSAGE.replace("\"max_tokens\": 32", "\"max_tokens\": 1500");
    Streamed stream = real.openAi().stream("/v1/messages", longer);
    stream.awaitLine("a piece", line -> line.text().contains("content_block_delta"));
    String id = stream.header("x-request-id").orElseThrow();
    stream.close();
    assertThat(settled(id).path("outcome").asText()).isEqualTo("cancelled");
  }

  private static final String RESPONSE =
      """
      {"model": "chat", "stream": true, "max_output_tokens": 32, "input": "Tell a long story."}\
      """;
  private static final String MESSAGE =
      """
      {"model": "chat", "stream": true, "max_tokens": 32,
       "messages": [{"role": "user", "content": "Tell a long story."}]}\
      """;

  /// What became of a request, once it has ended.
  private static JsonNode settled(String id) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> real.control().client().get("/fairlead/v1/requests?id=" + id),
            answer -> answer.status() == 200)
        .json()
        .at("/items/0");
  }
}
