package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Joins the `logprobs` of the pieces of an answer: they are objects whose lists belong together,
/// `content` in chats, `tokens` and others in legacy completions.
final class Logprobs {
  private final Map<String, StringBuilder> lists = new LinkedHashMap<>();

  void add(String object) {
    try (JsonParser json = Json.FACTORY.createParser(object)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        if (json.nextToken() == JsonToken.START_ARRAY) {
          String list = Json.copyOf(json);
          join(key, list.substring(1, list.length() - 1));
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("logprobs that were just written cannot be read", e);
    }
  }

  private void join(String key, String elements) {
    StringBuilder list = lists.computeIfAbsent(key, _ -> new StringBuilder());
    if (!list.isEmpty() && !elements.isEmpty()) {
      list.append(',');
    }
    list.append(elements);
  }

  /// `null` when there were none.
  String toJson() {
    if (lists.isEmpty()) {
      return "null";
    }
    return Json.write(json -> {
      json.writeStartObject();
      for (Map.Entry<String, StringBuilder> list : lists.entrySet()) {
        json.writeFieldName(list.getKey());
        json.writeRawValue("[" + list.getValue() + "]");
      }
      json.writeEndObject();
    });
  }
}
