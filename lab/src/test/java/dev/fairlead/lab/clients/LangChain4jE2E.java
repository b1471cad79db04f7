package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// LangChain4j's OpenAI module: the one client that overlooks an error in mid-stream unless it is
/// also named one.
final class LangChain4jE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static FairleadProcess real;
  private static FairleadProcess fake;
  private static String key = "";

  @BeforeAll
  static void serve() {
    real = Served.real(FAIRLEADS);
    fake = Served.fakeWithKey(FAIRLEADS);
    key = Served.key(fake);
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder model(FairleadProcess fairlead) {
    return OpenAiChatModel.builder()
        .baseUrl(fairlead.url() + "/v1")
        .apiKey(key)
        .modelName(Served.CHAT)
        .temperature(0.0)
        .maxRetries(0)
        .timeout(PATIENCE);
  }

  private static OpenAiStreamingChatModel streaming(FairleadProcess fairlead) {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(fairlead.url() + "/v1")
        .apiKey(key)
        .modelName(Served.CHAT)
        .temperature(0.0)
        .timeout(PATIENCE)
        .build();
  }

  private static ChatRequest ask(String question, ToolSpecification... tools) {
    return ChatRequest.builder()
        .messages(SystemMessage.from("You are a helpful assistant."), UserMessage.from(question))
        .toolSpecifications(tools)
        .build();
  }

  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
          .build();

  private static LangChain4jListener stream(FairleadProcess fairlead, ChatRequest request) {
    var listener = new LangChain4jListener();
    streaming(fairlead).chat(request, listener);
    return listener;
  }

  @Test
  void theRealModelAnswers() {
    ChatResponse answer = model(real).build().chat(ask("What is the capital of France?"));
    assertThat(answer.aiMessage().text()).contains("Paris");
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.tokenUsage().outputTokenCount()).isPositive();
  }

  @Test
  void theRealModelStreams() {
    LangChain4jListener listener = stream(real, ask("What is the capital of France?"));
    ChatResponse answer = listener.await(PATIENCE);
    assertThat(answer.aiMessage().text()).contains("Paris");
    assertThat(listener.pieces()).hasSizeGreaterThan(3);
    assertThat(String.join("", listener.pieces())).isEqualTo(answer.aiMessage().text());
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.tokenUsage().outputTokenCount()).isPositive();
  }

  @Test
  void relatedTextsAreCloserThanOthers() {
    var model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(real.url() + "/v1")
            .apiKey(key)
            .modelName(Served.EMBEDDINGS)
            .maxRetries(0)
            .timeout(PATIENCE)
            .build();
    List<Embedding> vectors =
        model
            .embedAll(
                List.of(
                    TextSegment.from("The weather is lovely today."),
                    TextSegment.from("It's so sunny outside!"),
                    TextSegment.from("He drove to the stadium.")))
            .content();
    assertThat(vectors).allMatch(vector -> vector.dimension() == EmbeddingModel.DIMENSIONS);
    assertThat(similarity(vectors.get(0), vectors.get(1)))
        .isGreaterThan(similarity(vectors.get(0), vectors.get(2)) + 0.4);
  }

  /// The vectors have length 1.
  private static double similarity(Embedding a, Embedding b) {
    double product = 0;
    for (int i = 0; i < a.vector().length; i++) {
      product += a.vector()[i] * b.vector()[i];
    }
    return product;
  }

  @Test
  void anUnknownModelIsNotFoundAndTheOthersAreNamed() {
    assertThatThrownBy(() -> model(real).modelName("chta").build().chat(ask("Hi")))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining(Served.CHAT);
  }

  @Test
  void aPromptThatIsTooLongIsAnInvalidRequest() {
    ChatRequest request = ask("word ".repeat(3000));
    assertThatThrownBy(() -> model(real).build().chat(request))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(Integer.toString(Served.CONTEXT_LENGTH));
    assertThatThrownBy(() -> stream(real, request).await(PATIENCE))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aWrongKeyIsAnAuthenticationError() {
    assertThatThrownBy(() -> model(fake).apiKey("wrong").build().chat(ask("Hi")))
        .isInstanceOf(AuthenticationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hi", "fake:tool-repeated", "fake:tool-no-index"})
  void toolCallsArriveOnceAndWhole(String question) {
    ChatRequest request = ask(question, WEATHER);
    for (ChatResponse answer :
        List.of(model(fake).build().chat(request), stream(fake, request).await(PATIENCE))) {
      assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
      assertThat(answer.aiMessage().toolExecutionRequests()).hasSize(1);
      ToolExecutionRequest call = answer.aiMessage().toolExecutionRequests().getFirst();
      assertThat(call.id()).matches("call(?!.*call).+");
      assertThat(call.name()).isEqualTo("weather");
      assertThat(call.arguments()).isEqualTo("{\"city\":\"Paris\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fake:cut after=3",
        "fake:error after=3",
        "fake:no-finish after=3",
        "fake:crash after=3"
      })
  void anEngineThatFailsInMidStreamIsAnErrorAndNeverAnEnd(String question) {
    LangChain4jListener listener = stream(fake, ask(question));
    assertThatThrownBy(() -> listener.await(PATIENCE)).isInstanceOf(CompletionException.class);
    assertThat(listener.pieces()).isNotEmpty();
  }

  @Test
  void anEngineThatFailsInMidAnswerIsAnErrorForWhoDoesNotStream() {
    assertThatThrownBy(() -> model(fake).build().chat(ask("fake:no-finish after=3")))
        .isInstanceOf(LangChain4jException.class);
  }
}
