package dev.fairlead.engines.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// An HTTP answer to be compared with another: a recorded one of the real engine, or a fresh one.
///
/// @param head status line and headers, but for those that depend on the body's length
/// @param body without the chunks' frames
record Transcript(List<String> head, String body) {

  /// A recorded one.
  static Transcript of(String name) throws IOException {
    var resource = "transcripts/" + name + ".http";
    try (var stream = Transcript.class.getResourceAsStream(resource)) {
      var text =
          new String(
              Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
      int blank = text.indexOf("\n\n");
      return new Transcript(
          text.substring(0, blank).lines().map(String::strip).toList(),
          text.substring(blank + 2).strip());
    }
  }

  int status() {
    return Integer.parseInt(head.getFirst().split(" ", 3)[1]);
  }

  /// Every JSON object of the body, in order.
  List<JsonNode> objects() throws JsonProcessingException {
    var objects = new ArrayList<JsonNode>();
    for (String line : body.lines().toList()) {
      var text = line.startsWith("data: ") ? line.substring(6) : line;
      if (text.startsWith("{")) {
        objects.add(Answers.JSON.readTree(text));
      }
    }
    return objects;
  }

  JsonNode json() throws JsonProcessingException {
    return objects().getFirst();
  }

  /// The objects with their members in order, every text and number replaced by its type.
  List<String> shapes() throws JsonProcessingException {
    return objects().stream().map(Transcript::shape).toList();
  }

  private static String shape(JsonNode node) {
    var parts = new ArrayList<String>();
    if (node.isObject()) {
      node.properties().forEach(p -> parts.add(p.getKey() + ":" + shape(p.getValue())));
      return "{" + String.join(",", parts) + "}";
    }
    if (node.isArray()) {
      node.forEach(item -> parts.add(shape(item)));
      return "[" + String.join(",", parts) + "]";
    }
    return node.getNodeType().name();
  }

  /// The text of a chat's deltas.
  String contents() throws JsonProcessingException {
    var text = new StringBuilder();
    objects().forEach(o -> text.append(o.at("/choices/0/delta/content").asText("")));
    return text.toString().replace("null", "");
  }

  int count(String part) {
    return body.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }
}
