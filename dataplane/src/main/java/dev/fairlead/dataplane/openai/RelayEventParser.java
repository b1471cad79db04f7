package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.dataplane.openai.RelayEvent.Kind;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds out what a complete event is by parsing it: the few events of a stream that are not plain
/// pieces of text.
final class RelayEventParser implements SseReader.Sink {
  private Kind kind = Kind.COMMENT;
  private Optional<Usage> usage = Optional.empty();
  private @Nullable String finishReason;
  private boolean noChoices;
  private boolean error;

  private RelayEventParser() {}

  static RelayEvent parse(ByteBuf bytes) {
    RelayEventParser parser = new RelayEventParser();
    new SseReader(bytes.readableBytes() + 1, parser).accept(bytes);
    return new RelayEvent(
        parser.kind, bytes, parser.usage, Optional.ofNullable(parser.finishReason));
  }

  @Override
  public void accept(SseEvent event) {
    ByteBuf data = event.data();
    if (event.name().equals("error")) {
      kind = Kind.ERROR;
    } else if (!event.name().equals("message")) {
      typed(event.name(), data);
    } else if (data.toString(StandardCharsets.UTF_8).strip().equals("[DONE]")) {
      kind = Kind.DONE;
    } else {
      kind = read(data) ? kindOfChunk() : Kind.DATA;
    }
  }

  /// Of the typed APIs' events only two are read: those that tell the usage, which are the last but
  /// for `message_stop`. Agents see to it that a stream ends with them, or with an error.
  private void typed(String name, ByteBuf data) {
    switch (name) {
      case "response.completed", "response.incomplete" -> {
        kind = Kind.DONE;
        usage = TypedUsage.within(data, "response");
      }
      case "message_delta" -> {
        kind = Kind.FINISH;
        usage = TypedUsage.within(data, "");
      }
      case "message_stop" -> kind = Kind.DONE;
      case "content_block_delta" -> kind = Kind.DATA;
      default -> kind = name.endsWith(".delta") ? Kind.DATA : Kind.FRAME;
    }
  }

  @Override
  public void fail(ApiError tooLong) {
    throw new IllegalStateException("a complete event is longer than itself");
  }

  @Override
  public void end() {}

  private Kind kindOfChunk() {
    if (error) {
      return Kind.ERROR;
    }
    if (finishReason != null) {
      return Kind.FINISH;
    }
    return noChoices ? Kind.USAGE : Kind.DATA;
  }

  private boolean read(ByteBuf data) {
    try (JsonParser json = Json.parser(data)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        switch (key) {
          case "usage" -> usage = UsageJson.read(json);
          case "error" -> {
            error = value != JsonToken.VALUE_NULL;
            json.skipChildren();
          }
          case "choices" -> choices(json);
          default -> json.skipChildren();
        }
      }
      return true;
    } catch (JsonProcessingException _) {
      // Relayed as it is: what the client makes of it is better than what could be made up here.
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private void choices(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    noChoices = true;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      noChoices = false;
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isReason = json.currentName().equals("finish_reason");
        if (json.nextToken() == JsonToken.VALUE_STRING && isReason) {
          finishReason = json.getText();
        }
        json.skipChildren();
      }
    }
  }
}
