package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One chunk of an engine's stream as it came: the keys that are passed on, whatever their order. A
/// key that has another type than OpenAI's is taken as absent.
final class EngineChunk {

  /// A piece of a tool call as the engine sent it.
  record ToolPart(
      @Nullable Integer index,
      @Nullable String id,
      @Nullable String name,
      @Nullable String arguments) {}

  boolean error;
  @Nullable String content;
  @Nullable String reasoning;
  @Nullable String refusal;
  @Nullable String logprobs;
  @Nullable String finishReason;
  final List<ToolPart> tools = new ArrayList<>(0);
  Optional<Usage> usage = Optional.empty();

  private EngineChunk() {}

  /// Parses the data of an event; {@link JsonParseException} when it is not an object.
  static EngineChunk parse(ByteBuf data) throws IOException {
    EngineChunk chunk = new EngineChunk();
    try (JsonParser json = Json.chunk(data)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(json, "not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        switch (key) {
          case "choices" -> chunk.choices(json);
          case "usage" -> chunk.usage = UsageJson.read(json);
          case "error" -> {
            chunk.error |= value != JsonToken.VALUE_NULL;
            json.skipChildren();
          }
          default -> json.skipChildren();
        }
      }
    }
    return chunk;
  }

  private void choices(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    // Requests with several choices are refused, so whatever else is here was not asked for.
    boolean first = true;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (first && json.currentToken() == JsonToken.START_OBJECT) {
        choice(json);
        first = false;
      } else {
        json.skipChildren();
      }
    }
  }

  private void choice(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "delta" -> delta(json);
        case "text" -> content = text(json);
        case "finish_reason" -> finishReason = text(json);
        case "logprobs" -> {
          if (value == JsonToken.START_OBJECT) {
            logprobs = Json.copyOf(json);
          } else {
            json.skipChildren();
          }
        }
        default -> json.skipChildren();
      }
    }
  }

  private void delta(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "content" -> content = text(json);
        case "refusal" -> refusal = text(json);
        case "reasoning_content", "reasoning" -> {
          String value = text(json);
          reasoning = value == null ? reasoning : value;
        }
        case "tool_calls" -> toolCalls(json);
        default -> json.skipChildren();
      }
    }
  }

  private void toolCalls(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_OBJECT) {
        tools.add(toolPart(json));
      } else {
        json.skipChildren();
      }
    }
  }

  private static ToolPart toolPart(JsonParser json) throws IOException {
    Integer index = null;
    String id = null;
    String name = null;
    String arguments = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
        index = json.getIntValue();
      } else if (key.equals("id")) {
        id = text(json);
      } else if (key.equals("function") && value == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String inner = json.currentName();
          json.nextToken();
          switch (inner) {
            case "name" -> name = text(json);
            case "arguments" -> arguments = arguments(json);
            default -> json.skipChildren();
          }
        }
      } else {
        json.skipChildren();
      }
    }
    return new ToolPart(index, id, name, arguments);
  }

  /// Some engines send the arguments as an object instead of as a string with JSON in it.
  private static @Nullable String arguments(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.START_OBJECT ? Json.copyOf(json) : text(json);
  }

  private static @Nullable String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return null;
  }
}
