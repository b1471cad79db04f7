package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/// The `usage` object on the wire.
final class UsageJson {
  private UsageJson() {}

  /// Reads the value at which the parser stands; anything but an object is no usage.
  static Optional<Usage> read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return Optional.empty();
    }
    long prompt = 0;
    long completion = 0;
    long cached = 0;
    long total = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "prompt_tokens" -> prompt = count(json);
        case "completion_tokens" -> completion = count(json);
        case "total_tokens" -> total = count(json);
        case "prompt_tokens_details" -> cached = cached(json);
        default -> json.skipChildren();
      }
    }
    // A ranking of vLLM's tells the sum only.
    boolean sumOnly = prompt == 0 && completion == 0;
    return Optional.of(new Usage(sumOnly ? total : prompt, completion, cached));
  }

  private static long cached(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return 0;
    }
    long cached = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = json.currentName().equals("cached_tokens");
      json.nextToken();
      if (wanted) {
        cached = count(json);
      } else {
        json.skipChildren();
      }
    }
    return cached;
  }

  private static long count(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return Math.max(0, json.getLongValue());
    }
    json.skipChildren();
    return 0;
  }

  /// The object as text.
  static String toJson(Usage usage) {
    return Json.write(json -> write(json, usage));
  }

  static void write(JsonGenerator json, Usage usage) throws IOException {
    json.writeStartObject();
    json.writeNumberField("prompt_tokens", usage.promptTokens());
    json.writeNumberField("completion_tokens", usage.completionTokens());
    json.writeNumberField("total_tokens", usage.totalTokens());
    json.writeObjectFieldStart("prompt_tokens_details");
    json.writeNumberField("cached_tokens", usage.cachedTokens());
    json.writeEndObject();
    json.writeEndObject();
  }
}
