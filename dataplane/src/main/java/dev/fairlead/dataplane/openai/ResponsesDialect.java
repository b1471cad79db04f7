package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.dataplane.openai.TypedEvent.Kind;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// OpenAI's Responses API. llama.cpp (b11549) leaves out `sequence_number`, `output_index`,
/// `content_index` and most of the `response`, which OpenAI's libraries require; what an engine
/// sends stays as it is. The shapes are those of OpenAI's API reference.
final class ResponsesDialect implements TypedDialect {
  private static final String NOTHING = "null";
  private static final Set<String> DROPPED = Set.of("timings", "sequence_number");
  private static final Map<String, String> PART = Map.of("annotations", "[]", "logprobs", "[]");

  /// What the objects of these keys lack within a `response`.
  private static final Map<String, Map<String, String>> WITHIN =
      Map.of(
          "usage",
          Map.of(
              "input_tokens_details", "{\"cached_tokens\":0,\"cache_write_tokens\":0}",
              "output_tokens_details", "{\"reasoning_tokens\":0}"),
          "input_tokens_details",
          Map.of("cached_tokens", "0", "cache_write_tokens", "0"),
          "output_tokens_details",
          Map.of("reasoning_tokens", "0"));

  private final AnswerIdentity identity;
  private final Map<String, String> ownFields;
  private final Map<String, String> responseDefaults;
  private final Map<String, Integer> items = new HashMap<>();
  private long sequence;
  private Optional<String> finishReason = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private String whole = "";

  ResponsesDialect(AnswerIdentity identity) {
    this.identity = identity;
    this.ownFields =
        Map.of("model", Json.write(json -> json.writeString(identity.model())), "store", "false");
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("created_at", Long.toString(identity.created()));
    for (String key :
        new String[] {"error", "incomplete_details", "instructions", "temperature", "top_p"}) {
      defaults.put(key, NOTHING);
    }
    defaults.put("metadata", "{}");
    defaults.put("output", "[]");
    defaults.put("parallel_tool_calls", "true");
    defaults.put("tool_choice", "\"auto\"");
    defaults.put("tools", "[]");
    this.responseDefaults = defaults;
  }

  /// What the first look at an event tells.
  private static final class Facts {
    private String type = "";
    private String item = "";
    private boolean error;
    private final Set<String> keys = new HashSet<>();
    private Optional<Usage> usage = Optional.empty();
  }

  @Override
  public AnswerIdentity identity() {
    return identity;
  }

  @Override
  public TypedEvent read(ByteBuf data) throws IOException {
    Facts facts = look(data);
    Kind kind = kind(facts);
    if (kind == Kind.ERROR) {
      return new TypedEvent(kind, "");
    }
    String json = repair(data, facts);
    if (kind == Kind.LAST) {
      usage = facts.usage;
      finishReason = Optional.of(facts.type.equals("response.incomplete") ? "length" : "stop");
    }
    return TypedEvent.of(kind, facts.type, json);
  }

  private static Kind kind(Facts facts) {
    return switch (facts.type) {
      case "response.completed", "response.incomplete" -> Kind.LAST;
      case "response.failed", "error" -> Kind.ERROR;
      case "" -> facts.error ? Kind.ERROR : Kind.FRAME;
      default -> facts.type.endsWith(".delta") ? Kind.PIECE : Kind.FRAME;
    };
  }

  private static Facts look(ByteBuf data) throws IOException {
    Facts facts = new Facts();
    try (JsonParser json = object(data)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        facts.keys.add(key);
        switch (key) {
          case "type" -> facts.type = json.getValueAsString("");
          case "item_id" -> facts.item = json.getValueAsString("");
          case "error" -> facts.error = value == JsonToken.START_OBJECT;
          default -> {}
        }
        if (value == JsonToken.START_OBJECT) {
          inner(json, key, facts);
        } else {
          json.skipChildren();
        }
      }
    }
    return facts;
  }

  private static void inner(JsonParser json, String outer, Facts facts) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      if (outer.equals("item") && key.equals("id")) {
        facts.item = json.getValueAsString("");
      } else if (outer.equals("response") && key.equals("usage")) {
        facts.usage = TypedUsage.responses(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private static JsonParser object(ByteBuf data) throws IOException {
    JsonParser json = Json.parser(data);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(json, "not an object");
    }
    return json;
  }

  private String repair(ByteBuf data, Facts facts) throws IOException {
    try (JsonParser in = object(data)) {
      return Json.write(out -> {
        out.writeStartObject();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          field(in, out);
        }
        out.writeNumberField("sequence_number", sequence++);
        indices(out, facts);
        out.writeEndObject();
      });
    }
  }

  private void field(JsonParser in, JsonGenerator out) throws IOException {
    String key = in.currentName();
    boolean object = in.nextToken() == JsonToken.START_OBJECT;
    if (DROPPED.contains(key)) {
      in.skipChildren();
    } else if (object && key.equals("response")) {
      whole = Json.write(json -> response(in, json));
      out.writeFieldName(key);
      out.writeRawValue(whole);
    } else if (object && key.equals("part")) {
      out.writeFieldName(key);
      completed(in, out, Map.of(), PART);
    } else {
      out.writeFieldName(key);
      out.copyCurrentStructure(in);
    }
  }

  private void indices(JsonGenerator out, Facts facts) throws IOException {
    if (!facts.item.isEmpty() && !facts.keys.contains("output_index")) {
      Integer known = items.get(facts.item);
      int index = known == null ? items.size() : known;
      items.put(facts.item, index);
      out.writeNumberField("output_index", index);
    }
    boolean ofText = facts.type.startsWith("response.output_text.");
    boolean inContent = ofText || facts.type.startsWith("response.content_part.");
    if (inContent && !facts.keys.contains("content_index")) {
      out.writeNumberField("content_index", 0);
    }
    if (ofText && !facts.keys.contains("logprobs")) {
      out.writeArrayFieldStart("logprobs");
      out.writeEndArray();
    }
  }

  private void response(JsonParser in, JsonGenerator out) throws IOException {
    completed(in, out, ownFields, responseDefaults);
  }

  /// Copies the object at which `in` stands, with our values for the keys of `own`, and with the
  /// `defaults` of the keys that it lacks.
  private static void completed(
      JsonParser in, JsonGenerator out, Map<String, String> own, Map<String, String> defaults)
      throws IOException {
    Set<String> there = new HashSet<>();
    out.writeStartObject();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      there.add(key);
      if (own.containsKey(key)) {
        in.skipChildren();
        continue;
      }
      out.writeFieldName(key);
      Map<String, String> inner = WITHIN.get(key);
      if (inner != null && value == JsonToken.START_OBJECT) {
        completed(in, out, Map.of(), inner);
      } else {
        out.copyCurrentStructure(in);
      }
    }
    raw(out, own, Set.of());
    raw(out, defaults, there);
    out.writeEndObject();
  }

  private static void raw(JsonGenerator out, Map<String, String> fields, Set<String> there)
      throws IOException {
    for (Map.Entry<String, String> field : fields.entrySet()) {
      if (!there.contains(field.getKey())) {
        out.writeFieldName(field.getKey());
        out.writeRawValue(field.getValue());
      }
    }
  }

  @Override
  public Optional<String> finishReason() {
    return finishReason;
  }

  @Override
  public Optional<Usage> usage() {
    return usage;
  }

  @Override
  public String closing() {
    return "";
  }

  @Override
  public String whole() {
    return whole;
  }
}
