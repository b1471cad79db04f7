package dev.fairlead.engines.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes llama.cpp's answers, member by member in its order. Immutable; any thread.
///
/// @param chat whether in the shapes of `/v1/chat/completions`, else of `/v1/completions`
record Answers(String id, String model, boolean chat, long created) {
  static final JsonMapper JSON = new JsonMapper();
  private static final String FINGERPRINT = "b0-unknown";
  private static final int DIMENSIONS = 8;

  /// How much work an answer was.
  record Work(int promptTokens, int cachedTokens, int generatedTokens) {}

  static Answers of(String model, boolean chat, int number, InstantSource clock) {
    return new Answers(
        "chatcmpl-fake%028d".formatted(number), model, chat, clock.instant().getEpochSecond());
  }

  static String event(JsonNode json) {
    return "data: " + json + "\n\n";
  }

  ObjectNode role() {
    var delta = JSON.createObjectNode().put("role", "assistant").putNull("content");
    return chunk(null, delta);
  }

  ObjectNode token(String text) {
    return chat ? chunk(null, JSON.createObjectNode().put("content", text)) : text(text, null);
  }

  /// The last chunk with a choice.
  ObjectNode finish(String reason, Work work, boolean usage) {
    if (chat) {
      var chunk = chunk(reason, JSON.createObjectNode());
      if (!usage) {
        timings(chunk, work);
      }
      return chunk;
    }
    var chunk = text("", reason);
    chunk.remove("id");
    usage(chunk, work);
    chunk.put("id", id);
    timings(chunk, work);
    return chunk;
  }

  /// The chunk with `choices: []` that a client gets who asked for the usage of a chat.
  ObjectNode usageChunk(Work work) {
    var chunk = JSON.createObjectNode();
    chunk.putArray("choices");
    about(chunk, "chat.completion.chunk");
    usage(chunk, work);
    timings(chunk, work);
    return chunk;
  }

  /// One fragment of a tool call; null members are left out.
  ObjectNode toolCall(
      @Nullable Integer index, @Nullable String callId, @Nullable String name, String arguments) {
    var delta = JSON.createObjectNode();
    var call = delta.putArray("tool_calls").addObject();
    if (index != null) {
      call.put("index", index);
    }
    if (callId != null) {
      call.put("id", callId).put("type", "function");
    }
    var function = call.putObject("function");
    if (name != null) {
      function.put("name", name);
    }
    function.put("arguments", arguments);
    return chunk(null, delta);
  }

  /// A whole answer with a text.
  ObjectNode whole(String text, String reason, Work work) {
    var answer = JSON.createObjectNode();
    if (chat) {
      var message = JSON.createObjectNode().put("role", "assistant").put("content", text);
      return wholeChat(message, reason, work);
    }
    answer
        .putArray("choices")
        .addObject()
        .put("text", text)
        .put("index", 0)
        .putNull("logprobs")
        .put("finish_reason", reason);
    return wholeEnd(answer, "text_completion", work);
  }

  /// A whole answer with a tool call.
  ObjectNode wholeToolCall(String callId, String name, String arguments, Work work) {
    var message = JSON.createObjectNode().put("role", "assistant").putNull("content");
    var call = message.putArray("tool_calls").addObject().put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments);
    call.put("id", callId);
    return wholeChat(message, "tool_calls", work);
  }

  private ObjectNode wholeChat(ObjectNode message, String reason, Work work) {
    var answer = JSON.createObjectNode();
    answer
        .putArray("choices")
        .addObject()
        .put("finish_reason", reason)
        .put("index", 0)
        .set("message", message);
    return wholeEnd(answer, "chat.completion", work);
  }

  private ObjectNode wholeEnd(ObjectNode answer, String object, Work work) {
    answer
        .put("created", created)
        .put("model", model)
        .put("system_fingerprint", FINGERPRINT)
        .put("object", object);
    usage(answer, work);
    answer.put("id", id);
    timings(answer, work);
    return answer;
  }

  private ObjectNode chunk(@Nullable String reason, ObjectNode delta) {
    var chunk = JSON.createObjectNode();
    chunk
        .putArray("choices")
        .addObject()
        .put("finish_reason", reason)
        .put("index", 0)
        .set("delta", delta);
    about(chunk, "chat.completion.chunk");
    return chunk;
  }

  private ObjectNode text(String text, @Nullable String reason) {
    var chunk = JSON.createObjectNode();
    chunk
        .putArray("choices")
        .addObject()
        .put("text", text)
        .put("index", 0)
        .putNull("logprobs")
        .put("finish_reason", reason);
    return chunk
        .put("created", created)
        .put("model", model)
        .put("system_fingerprint", FINGERPRINT)
        .put("object", "text_completion")
        .put("id", id);
  }

  private void about(ObjectNode chunk, String object) {
    chunk
        .put("created", created)
        .put("id", id)
        .put("model", model)
        .put("system_fingerprint", FINGERPRINT)
        .put("object", object);
  }

  private static void usage(ObjectNode answer, Work work) {
    answer
        .putObject("usage")
        .put("completion_tokens", work.generatedTokens())
        .put("prompt_tokens", work.promptTokens())
        .put("total_tokens", work.promptTokens() + work.generatedTokens())
        .putObject("prompt_tokens_details")
        .put("cached_tokens", work.cachedTokens());
  }

  private static void timings(ObjectNode answer, Work work) {
    answer
        .putObject("timings")
        .put("cache_n", work.cachedTokens())
        .put("prompt_n", work.promptTokens() - work.cachedTokens())
        .put("prompt_ms", 7.5)
        .put("prompt_per_token_ms", 7.5)
        .put("prompt_per_second", 133.3)
        .put("predicted_n", work.generatedTokens())
        .put("predicted_ms", 7.5)
        .put("predicted_per_token_ms", 7.5)
        .put("predicted_per_second", 133.3);
  }

  static ObjectNode error(int code, String message, String type) {
    var answer = JSON.createObjectNode();
    answer.putObject("error").put("code", code).put("message", message).put("type", type);
    return answer;
  }

  static ObjectNode tooLong(int tokens, int limit) {
    var answer =
        error(
            400,
            "request (%d tokens) exceeds the available context size (%d tokens), try increasing it"
                .formatted(tokens, limit),
            "exceed_context_size_error");
    ((ObjectNode) answer.get("error")).put("n_prompt_tokens", tokens).put("n_ctx", limit);
    return answer;
  }

  static ObjectNode embeddings(String model, List<String> inputs, boolean base64) {
    var answer = JSON.createObjectNode().put("model", model).put("object", "list");
    int tokens = inputs.stream().mapToInt(input -> tokensOf(input).size()).sum();
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    var data = answer.putArray("data");
    for (int i = 0; i < inputs.size(); i++) {
      var item = data.addObject();
      float[] vector = vectorOf(inputs.get(i));
      if (base64) {
        var bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        item.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
      } else {
        var array = item.putArray("embedding");
        for (float value : vector) {
          array.add((double) value);
        }
      }
      item.put("index", i).put("object", "embedding");
      if (base64) {
        item.put("encoding_format", "base64");
      }
    }
    return answer;
  }

  /// Of length 1, the same for the same text.
  private static float[] vectorOf(String text) {
    var random = new Random(text.hashCode());
    var vector = new float[DIMENSIONS];
    double squares = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  /// A word with the white space before it is a token.
  static List<String> tokensOf(String text) {
    var tokens = new ArrayList<String>();
    var matcher = java.util.regex.Pattern.compile("\\s*\\S+|\\s+$").matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  static String metrics(Slots slots) {
    return List.of(
            metric("prompt_tokens_total", "counter", slots.promptTokens.get()),
            metric("prompt_tokens_cached_total", "counter", slots.cachedPromptTokens.get()),
            metric("tokens_predicted_total", "counter", slots.generatedTokens.get()),
            metric("requests_processing", "gauge", slots.running()),
            metric("requests_deferred", "gauge", slots.deferred()))
        .stream()
        .collect(Collectors.joining());
  }

  private static String metric(String name, String type, long value) {
    return "# HELP llamacpp:%s Of a fake engine\n# TYPE llamacpp:%s %s\nllamacpp:%s %d\n"
        .formatted(name, name, type, name, value);
  }
}
