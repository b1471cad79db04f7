package dev.fairlead.lab.clients;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.fairlead.lab.clients.Outcomes.BrokenException;
import dev.fairlead.lab.clients.Outcomes.Call;
import dev.fairlead.lab.clients.Outcomes.Seen;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// OpenAI's own Java library.
final class OpenAiJavaColumn implements Column {
  private final OpenAIClient client;

  OpenAiJavaColumn(URI url, String key) {
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(url + "/v1")
            .apiKey(key)
            .maxRetries(0)
            .timeout(Duration.ofMinutes(1))
            .build();
  }

  private static ChatCompletionCreateParams.Builder ask(String model, String question) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .temperature(0)
        .addSystemMessage("You are a helpful assistant.")
        .addUserMessage(question);
  }

  private static FunctionDefinition weather() {
    var city = Map.of("city", Map.of("type", "string"));
    return FunctionDefinition.builder()
        .name("weather")
        .parameters(
            FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(city))
                .build())
        .build();
  }

  @Override
  public Seen stream(String model, String question, boolean withTool) {
    var request =
        ask(model, question)
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    if (withTool) {
      request.addFunctionTool(weather());
    }
    var text = new StringBuilder();
    var whole = ChatCompletionAccumulator.create();
    try (var chunks = client.chat().completions().createStreaming(request.build())) {
      chunks.stream()
          .forEach(chunk -> {
            text.append(textOf(chunk));
            whole.accumulate(chunk);
          });
    } catch (OpenAIException e) {
      throw new BrokenException(text.toString(), e);
    }
    return seen(whole.chatCompletion());
  }

  private static String textOf(ChatCompletionChunk chunk) {
    return chunk.choices().stream()
        .findFirst()
        .flatMap(choice -> choice.delta().content())
        .orElse("");
  }

  @Override
  public Seen whole(String model, String question) {
    return seen(client.chat().completions().create(ask(model, question).build()));
  }

  private static Seen seen(ChatCompletion completion) {
    ChatCompletion.Choice choice = completion.validate().choices().getFirst();
    List<Call> calls =
        choice.message().toolCalls().orElse(List.of()).stream()
            .map(ChatCompletionMessageToolCall::asFunction)
            .map(call -> new Call(call.id(), call.function().name(), call.function().arguments()))
            .toList();
    return new Seen(
        choice.message().content().orElse(""),
        choice.finishReason().asString(),
        completion.usage().map(CompletionUsage::completionTokens).orElse(0L),
        calls);
  }

  @Override
  public List<float[]> embed(String model, List<String> texts) {
    var request = EmbeddingCreateParams.builder().model(model).inputOfArrayOfStrings(texts).build();
    return client.embeddings().create(request).data().stream()
        .map(Embedding::embedding)
        .map(OpenAiJavaColumn::floats)
        .toList();
  }

  private static float[] floats(List<Float> list) {
    var array = new float[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }

  @Override
  public int status(RuntimeException thrown) {
    return thrown instanceof OpenAIServiceException refused ? refused.statusCode() : 0;
  }

  @Override
  public void close() {
    client.close();
  }
}
