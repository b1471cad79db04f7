package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.dataplane.openai.TypedEvent.Kind;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Anthropic's Messages API. The model's name is the served one, the last usage holds all counts,
/// and a stop sequence is told as one (llama.cpp b11549 says `end_turn`). The shapes are those of
/// Anthropic's API reference.
final class MessagesDialect implements TypedDialect {
  private final AnswerIdentity identity;
  private final MessageBlocks blocks = new MessageBlocks();
  private Optional<Usage> usage = Optional.empty();
  private @Nullable String stopReason;
  private @Nullable String stopSequence;

  MessagesDialect(AnswerIdentity identity) {
    this.identity = identity;
  }

  @Override
  public AnswerIdentity identity() {
    return identity;
  }

  @Override
  public TypedEvent read(ByteBuf data) throws IOException {
    String type = type(data);
    return switch (type) {
      case "message_start" -> start(data);
      case "content_block_start", "content_block_stop" -> {
        blocks.take(data);
        yield TypedEvent.of(Kind.FRAME, type, text(data));
      }
      case "content_block_delta" -> {
        blocks.take(data);
        yield TypedEvent.of(Kind.PIECE, type, text(data));
      }
      case "message_delta" -> {
        stop(data);
        yield TypedEvent.of(Kind.FRAME, type, Json.write(this::delta));
      }
      case "message_stop" -> new TypedEvent(Kind.LAST, closing());
      case "error" -> new TypedEvent(Kind.ERROR, "");
      default -> new TypedEvent(Kind.FRAME, "");
    };
  }

  private static String text(ByteBuf data) throws IOException {
    try (JsonParser json = object(data)) {
      return Json.copyOf(json);
    }
  }

  /// An object without a type, but with an error, is one.
  private static String type(ByteBuf data) throws IOException {
    String type = "";
    boolean error = false;
    try (JsonParser json = object(data)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        error |= json.nextToken() == JsonToken.START_OBJECT && key.equals("error");
        if (key.equals("type")) {
          type = json.getValueAsString("");
        }
        json.skipChildren();
      }
    }
    return error ? "error" : type;
  }

  private static JsonParser object(ByteBuf data) throws IOException {
    JsonParser json = Json.parser(data);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(json, "not an object");
    }
    return json;
  }

  private TypedEvent start(ByteBuf data) throws IOException {
    try (JsonParser json = object(data)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean message = json.currentName().equals("message");
        if (json.nextToken() == JsonToken.START_OBJECT && message) {
          usageOf(json);
        } else {
          json.skipChildren();
        }
      }
    }
    String event =
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringField("type", "message_start");
          json.writeObjectFieldStart("message");
          head(json);
          json.writeArrayFieldStart("content");
          json.writeEndArray();
          json.writeNullField("stop_reason");
          json.writeNullField("stop_sequence");
          counts(json);
          json.writeEndObject();
          json.writeEndObject();
        });
    return TypedEvent.of(Kind.FRAME, "message_start", event);
  }

  private void usageOf(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = json.currentName().equals("usage");
      json.nextToken();
      if (wanted) {
        usage = TypedUsage.messages(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private void stop(ByteBuf data) throws IOException {
    try (JsonParser json = object(data)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (key.equals("usage")) {
          Optional<Usage> before = usage;
          usage = TypedUsage.messages(json).map(now -> merged(before, now)).or(() -> before);
        } else if (key.equals("delta") && value == JsonToken.START_OBJECT) {
          reasons(json);
        } else {
          json.skipChildren();
        }
      }
    }
  }

  /// The last usage may tell the output only.
  private static Usage merged(Optional<Usage> before, Usage now) {
    if (now.promptTokens() > 0 || before.isEmpty()) {
      return now;
    }
    Usage start = before.get();
    return new Usage(start.promptTokens(), now.completionTokens(), start.cachedTokens());
  }

  private void reasons(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      String value = json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : null;
      switch (key) {
        case "stop_reason" -> stopReason = value;
        case "stop_sequence" -> stopSequence = value == null || value.isEmpty() ? null : value;
        default -> {}
      }
      json.skipChildren();
    }
    if (stopSequence != null && "end_turn".equals(stopReason)) {
      stopReason = "stop_sequence";
    }
  }

  private void delta(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "message_delta");
    json.writeObjectFieldStart("delta");
    json.writeStringField("stop_reason", stopReason);
    json.writeStringField("stop_sequence", stopSequence);
    json.writeEndObject();
    counts(json);
    json.writeEndObject();
  }

  private void head(JsonGenerator json) throws IOException {
    json.writeStringField("id", identity.id());
    json.writeStringField("type", "message");
    json.writeStringField("role", "assistant");
    json.writeStringField("model", identity.model());
  }

  private void counts(JsonGenerator json) throws IOException {
    Usage known = usage.orElse(new Usage(0, 0, 0));
    json.writeObjectFieldStart("usage");
    json.writeNumberField("input_tokens", known.promptTokens() - known.cachedTokens());
    json.writeNumberField("cache_creation_input_tokens", 0);
    json.writeNumberField("cache_read_input_tokens", known.cachedTokens());
    json.writeNumberField("output_tokens", known.completionTokens());
    json.writeEndObject();
  }

  @Override
  public Optional<String> finishReason() {
    return Optional.ofNullable(stopReason)
        .map(reason ->
            switch (reason) {
              case "max_tokens" -> "length";
              case "tool_use" -> "tool_calls";
              default -> "stop";
            });
  }

  @Override
  public Optional<Usage> usage() {
    return usage;
  }

  @Override
  public String closing() {
    return "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  }

  @Override
  public String whole() {
    return Json.write(json -> {
      json.writeStartObject();
      head(json);
      json.writeFieldName("content");
      blocks.writeTo(json);
      json.writeStringField("stop_reason", stopReason);
      json.writeStringField("stop_sequence", stopSequence);
      counts(json);
      json.writeEndObject();
    });
  }
}
