package dev.fairlead.lab.clients;

import dev.fairlead.lab.clients.Outcomes.BrokenException;
import dev.fairlead.lab.clients.Outcomes.Call;
import dev.fairlead.lab.clients.Outcomes.Seen;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/// LangChain4j's OpenAI module.
final class LangChain4jColumn implements Column {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String url;
  private final String key;

  LangChain4jColumn(URI url, String key) {
    this.url = url + "/v1";
    this.key = key;
  }

  private static ChatRequest ask(String question, boolean withTool) {
    var request =
        ChatRequest.builder()
            .messages(
                SystemMessage.from("You are a helpful assistant."), UserMessage.from(question));
    if (withTool) {
      request.toolSpecifications(
          ToolSpecification.builder()
              .name("weather")
              .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
              .build());
    }
    return request.build();
  }

  @Override
  public Seen stream(String model, String question, boolean withTool) {
    var listener = new LangChain4jListener();
    OpenAiStreamingChatModel.builder()
        .baseUrl(url)
        .apiKey(key)
        .modelName(model)
        .temperature(0.0)
        .timeout(PATIENCE)
        .build()
        .chat(ask(question, withTool), listener);
    try {
      return seen(listener.await(PATIENCE));
    } catch (CompletionException e) {
      throw new BrokenException(String.join("", listener.pieces()), e);
    }
  }

  @Override
  public Seen whole(String model, String question) {
    return seen(
        OpenAiChatModel.builder()
            .baseUrl(url)
            .apiKey(key)
            .modelName(model)
            .temperature(0.0)
            .maxRetries(0)
            .timeout(PATIENCE)
            .build()
            .chat(ask(question, false)));
  }

  private static Seen seen(ChatResponse response) {
    String text = response.aiMessage().text();
    return new Seen(
        text == null ? "" : text,
        response.finishReason() == FinishReason.TOOL_EXECUTION
            ? "tool_calls"
            : String.valueOf(response.finishReason()).toLowerCase(Locale.ROOT),
        response.tokenUsage() == null ? 0 : response.tokenUsage().outputTokenCount(),
        response.aiMessage().toolExecutionRequests().stream()
            .map(call -> new Call(call.id(), call.name(), call.arguments()))
            .toList());
  }

  @Override
  public List<float[]> embed(String model, List<String> texts) {
    return OpenAiEmbeddingModel.builder()
        .baseUrl(url)
        .apiKey(key)
        .modelName(model)
        .maxRetries(0)
        .timeout(PATIENCE)
        .build()
        .embedAll(texts.stream().map(TextSegment::from).toList())
        .content()
        .stream()
        .map(Embedding::vector)
        .toList();
  }

  @Override
  public int status(RuntimeException thrown) {
    return thrown.getCause() instanceof HttpException refused ? refused.statusCode() : 0;
  }
}
