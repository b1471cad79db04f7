package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Puts the content blocks of a message of Anthropic's API together from their events. Used by one
/// thread.
final class MessageBlocks {
  private static final int MAX_BLOCKS = 4096;
  private static final int MAX_CHARACTERS = 32 << 20;

  private final Map<Integer, Block> blocks = new TreeMap<>();
  private long characters;

  /// A block so far: the fields of its start as JSON, and what was added to its texts.
  private static final class Block {
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();

    StringBuilder text(String key) {
      return texts.computeIfAbsent(key, _ -> new StringBuilder());
    }
  }

  /// Takes a `content_block_start` or `content_block_delta`.
  void take(ByteBuf data) throws IOException {
    int index = index(data);
    if (index < 0 || index >= MAX_BLOCKS) {
      throw Refusal.of(ApiError.badGateway("The engine sent a block without a valid index."));
    }
    Block block = blocks.computeIfAbsent(index, _ -> new Block());
    try (JsonParser json = Json.parser(data)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        boolean object = json.nextToken() == JsonToken.START_OBJECT;
        if (object && key.equals("content_block")) {
          begin(json, block);
        } else if (object && key.equals("delta")) {
          add(json, block);
        } else {
          json.skipChildren();
        }
      }
    }
  }

  private static int index(ByteBuf data) throws IOException {
    int index = -1;
    try (JsonParser json = Json.parser(data)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals("index");
        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && wanted) {
          index = json.getValueAsInt(-1);
        }
        json.skipChildren();
      }
    }
    return index;
  }

  private void begin(JsonParser json, Block block) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "text", "thinking", "signature" -> {
          if (value == JsonToken.VALUE_STRING) {
            append(block.text(key), json.getText());
          }
          json.skipChildren();
        }
        // It comes in pieces; at the start it is an empty object.
        case "input" -> json.skipChildren();
        default -> block.fields.put(key, Json.copyOf(json));
      }
    }
  }

  private void add(JsonParser json, Block block) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_STRING && !key.equals("type")) {
        append(block.text(key), json.getText());
      }
      json.skipChildren();
    }
  }

  private void append(StringBuilder to, String text) {
    characters += text.length();
    if (characters > MAX_CHARACTERS) {
      throw Refusal.of(
          ApiError.badGateway(
              "The answer is longer than %d characters.".formatted(MAX_CHARACTERS)));
    }
    to.append(text);
  }

  /// Writes the blocks as an array.
  void writeTo(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (Block block : blocks.values()) {
      json.writeStartObject();
      for (Map.Entry<String, String> field : block.fields.entrySet()) {
        json.writeFieldName(field.getKey());
        json.writeRawValue(field.getValue());
      }
      for (Map.Entry<String, StringBuilder> text : block.texts.entrySet()) {
        if (!text.getKey().equals("partial_json")) {
          json.writeStringField(text.getKey(), text.getValue().toString());
        }
      }
      input(json, block);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void input(JsonGenerator json, Block block) throws IOException {
    if (!"\"tool_use\"".equals(block.fields.get("type"))) {
      return;
    }
    String given = block.text("partial_json").toString();
    json.writeFieldName("input");
    json.writeRawValue(isObject(given) ? given : "{}");
  }

  /// A model may have stopped in the middle of its arguments.
  private static boolean isObject(String text) throws IOException {
    try (JsonParser parser = Json.FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JsonProcessingException _) {
      return false;
    }
  }
}
