package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// OpenAI's own Java library.
final class OpenAiJavaE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static OpenAIClient real;
  private static OpenAIClient fake;
  private static FairleadProcess fakeFairlead;

  @BeforeAll
  static void serve() {
    real = client(Served.real(FAIRLEADS), "none");
    fakeFairlead = Served.fakeWithKey(FAIRLEADS);
    fake = client(fakeFairlead, Served.key(fakeFairlead));
  }

  @AfterAll
  static void close() {
    real.close();
    fake.close();
  }

  private static OpenAIClient client(FairleadProcess fairlead, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(fairlead.url() + "/v1")
        .apiKey(key)
        .timeout(Duration.ofMinutes(1))
        .build();
  }

  private static ChatCompletionCreateParams.Builder ask(String question) {
    return ChatCompletionCreateParams.builder()
        .model(Served.CHAT)
        .temperature(0)
        .addSystemMessage("You are a helpful assistant.")
        .addUserMessage(question);
  }

  private static ChatCompletionCreateParams.Builder askForTool(String question) {
    var city = Map.of("city", Map.of("type", "string"));
    return ask(question)
        .addFunctionTool(
            FunctionDefinition.builder()
                .name("weather")
                .parameters(
                    FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(city))
                        .build())
                .build());
  }

  /// Reads a stream to its end with the library's own assembly.
  private static ChatCompletion stream(OpenAIClient client, ChatCompletionCreateParams request) {
    var whole = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(request)) {
      chunks.stream().forEach(whole::accumulate);
    }
    return whole.chatCompletion();
  }

  private static String text(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElse("");
  }

  @Test
  void modelsAreListedAndFound() {
    assertThat(real.models().list().data())
        .extracting(Model::id)
        .containsExactlyInAnyOrder(Served.CHAT, Served.EMBEDDINGS);
    assertThat(real.models().retrieve(Served.CHAT).id()).isEqualTo(Served.CHAT);
  }

  @Test
  void theRealModelAnswers() {
    ChatCompletion answer =
        real.chat().completions().create(ask("What is the capital of France?").build()).validate();
    assertThat(text(answer)).contains("Paris");
    assertThat(answer.model()).isEqualTo(Served.CHAT);
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void theRealModelStreams() {
    var request =
        ask("What is the capital of France?")
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    List<ChatCompletionChunk> chunks;
    try (var response = real.chat().completions().createStreaming(request)) {
      chunks = response.stream().toList();
    }
    assertThat(chunks).hasSizeGreaterThan(3);
    chunks.forEach(ChatCompletionChunk::validate);
    assertThat(chunks).extracting(ChatCompletionChunk::id).containsOnly(chunks.getFirst().id());
    assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isPositive();
    assertThat(text(stream(real, request))).contains("Paris");
  }

  @Test
  void embeddingsAreTheSameInBothEncodings() {
    var request =
        EmbeddingCreateParams.builder()
            .model(Served.EMBEDDINGS)
            .inputOfArrayOfStrings(List.of("A ship.", "A boat."));
    CreateEmbeddingResponse usual = real.embeddings().create(request.build());
    CreateEmbeddingResponse floats =
        real.embeddings()
            .create(request.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT).build());
    CreateEmbeddingResponse base64 =
        real.embeddings()
            .create(request.encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64).build());
    assertThat(floats.data()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      List<Float> vector = floats.data().get(i).embedding();
      assertThat(vector).hasSize(EmbeddingModel.DIMENSIONS);
      assertThat(usual.data().get(i).embedding()).isEqualTo(vector);
      assertThat(base64.data().get(i).embedding()).isEqualTo(vector);
    }
  }

  @Test
  void anUnknownModelIsNotFoundAndTheOthersAreNamed() {
    var request = ask("Hi").model("chta").build();
    var error =
        catchThrowableOfType(
            NotFoundException.class, () -> real.chat().completions().create(request));
    assertThat(error).hasMessageContaining(Served.CHAT);
    assertThat(error.code()).contains("model_not_found");
  }

  @Test
  void aPromptThatIsTooLongIsRefusedBeforeTheStream() {
    var request = ask("word ".repeat(3000)).build();
    var error = catchThrowableOfType(BadRequestException.class, () -> stream(real, request));
    assertThat(error.code()).contains("context_length_exceeded");
    assertThat(error).hasMessageContaining(Integer.toString(Served.CONTEXT_LENGTH));
  }

  @Test
  void aFieldWithAnotherTypeIsRefusedByItsName() {
    var request = ask("Hi").putAdditionalBodyProperty("messages", JsonValue.from("Hi")).build();
    var error =
        catchThrowableOfType(
            BadRequestException.class, () -> real.chat().completions().create(request));
    assertThat(error.param()).contains("messages");
  }

  @Test
  void aWrongKeyIsUnauthorized() {
    OpenAIClient stranger = client(fakeFairlead, "wrong");
    try {
      assertThatThrownBy(() -> stranger.chat().completions().create(ask("Hi").build()))
          .isInstanceOf(UnauthorizedException.class);
    } finally {
      stranger.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hi", "fake:tool-repeated", "fake:tool-no-index"})
  void toolCallsArriveOnceAndWhole(String question) {
    var request = askForTool(question).build();
    for (ChatCompletion answer :
        List.of(fake.chat().completions().create(request), stream(fake, request))) {
      ChatCompletion.Choice choice = answer.choices().getFirst();
      assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
      assertThat(choice.message().toolCalls().orElseThrow()).hasSize(1);
      ChatCompletionMessageFunctionToolCall call =
          choice.message().toolCalls().orElseThrow().getFirst().asFunction();
      assertThat(call.id()).startsWith("call");
      assertThat(call.function().name()).isEqualTo("weather");
      assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Paris\"}");
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
    var request = ask(question).build();
    var text = new StringBuilder();
    assertThatThrownBy(
            () -> {
              try (var response = fake.chat().completions().createStreaming(request)) {
                response.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> text.append(choice.delta().content().orElse("")));
              }
            })
        .isInstanceOf(com.openai.errors.OpenAIException.class);
    assertThat(text).isNotEmpty();
  }

  @Test
  void anEngineThatFailsInMidAnswerIsAnInternalErrorForWhoDoesNotStream() {
    var error =
        catchThrowableOfType(
            InternalServerException.class,
            () -> fake.chat().completions().create(ask("fake:cut after=3").build()));
    assertThat(error.statusCode()).isEqualTo(502);
    assertThat(error.code()).isPresent();
  }
}
