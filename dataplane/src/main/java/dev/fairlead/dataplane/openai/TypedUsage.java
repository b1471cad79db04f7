package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The `usage` of the Responses and the Messages API. Anthropic's `input_tokens` are those that
/// were not cached; OpenAI's are all.
final class TypedUsage {
  private long input;
  private long output;
  private long cachedApart;
  private long cachedWithin;

  private TypedUsage() {}

  /// Reads the value at which the parser stands; anything but an object is no usage.
  static Optional<Usage> responses(JsonParser json) throws IOException {
    return read(json)
        .map(read -> new Usage(read.input, read.output, Math.min(read.input, read.cachedWithin)));
  }

  static Optional<Usage> messages(JsonParser json) throws IOException {
    return read(json)
        .map(read -> new Usage(read.input + read.cachedApart, read.output, read.cachedApart));
  }

  /// The usage that an event carries at its top (Anthropic's) or in the object of that key.
  static Optional<Usage> within(ByteBuf event, String outer) {
    try (JsonParser json = Json.parser(event)) {
      return json.nextToken() == JsonToken.START_OBJECT ? find(json, outer) : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static Optional<Usage> find(JsonParser json, String outer) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (outer.isEmpty() && key.equals("usage")) {
        return messages(json);
      }
      if (!key.equals(outer) || value != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals("usage");
        json.nextToken();
        if (wanted) {
          return responses(json);
        }
        json.skipChildren();
      }
    }
    return Optional.empty();
  }

  private static Optional<TypedUsage> read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return Optional.empty();
    }
    TypedUsage usage = new TypedUsage();
    usage.fields(json);
    return Optional.of(usage);
  }

  private void fields(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (value == JsonToken.START_OBJECT && key.equals("input_tokens_details")) {
        fields(json);
        continue;
      }
      long count = value == JsonToken.VALUE_NUMBER_INT ? Math.max(0, json.getLongValue()) : 0;
      switch (key) {
        case "input_tokens" -> input = count;
        case "output_tokens" -> output = count;
        case "cached_tokens" -> cachedWithin = count;
        case "cache_read_input_tokens" -> cachedApart = count;
        default -> {}
      }
      json.skipChildren();
    }
  }
}
