package dev.fairlead.lab.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request to `/v1/chat/completions`, with the system message that the demo model needs and
/// temperature 0. Immutable.
public record Chat(String model, String user, Map<String, String> fields) {
  public Chat {
    fields = Map.copyOf(fields);
  }

  public static Chat ask(String model, String user) {
    return new Chat(model, user, Map.of());
  }

  /// With one field more; `json` is its value as JSON.
  public Chat with(String field, String json) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(field, json);
    return new Chat(model, user, more);
  }

  public Chat maxTokens(int tokens) {
    return with("max_tokens", Integer.toString(tokens));
  }

  /// One that keeps the demo model talking for as many tokens.
  public static Chat story(String model, int tokens) {
    return ask(model, "Write a very long story about a ship that sails around the world.")
        .maxTokens(tokens)
        .with("ignore_eos", "true");
  }

  String json(boolean stream) {
    List<String> all = new ArrayList<>();
    all.add("\"model\":" + Json.quoted(model));
    if (stream) {
      all.add("\"stream\":true");
    }
    all.add("\"temperature\":0");
    fields.forEach((name, value) -> all.add(Json.quoted(name) + ":" + value));
    all.add(
        "\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
            + "{\"role\":\"user\",\"content\":%s}]".formatted(Json.quoted(user)));
    return "{" + String.join(",", all) + "}";
  }
}
