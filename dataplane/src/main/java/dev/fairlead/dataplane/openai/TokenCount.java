package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/// Passes on an engine's count of a prompt's tokens, which costs nobody any (Anthropic's API
/// reference, "Count tokens in a Message").
final class TokenCount {
  private static final Usage NOTHING = new Usage(0, 0, 0);

  private TokenCount() {}

  static EmbeddingAnswer rewrite(ByteBuf engineBody, String model, ByteBufAllocator allocator) {
    OptionalLong count = OptionalLong.empty();
    try (JsonParser in = Json.parser(engineBody)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        count = inputTokens(in);
      }
    } catch (IOException | UncheckedIOException _) {
      count = OptionalLong.empty();
    }
    if (count.isEmpty()) {
      return new EmbeddingAnswer.Unreadable(
          ApiError.badGateway(
              "The engine of the model `%s` sent no count of tokens.".formatted(model)));
    }
    String json = "{\"input_tokens\":%d}".formatted(count.getAsLong());
    return new EmbeddingAnswer.Vectors(ByteBufUtil.writeUtf8(allocator, json), NOTHING, 1);
  }

  private static OptionalLong inputTokens(JsonParser in) throws IOException {
    OptionalLong count = OptionalLong.empty();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = in.currentName().equals("input_tokens");
      JsonToken value = in.nextToken();
      if (wanted && value == JsonToken.VALUE_NUMBER_INT && in.getLongValue() >= 0) {
        count = OptionalLong.of(in.getLongValue());
      } else {
        in.skipChildren();
      }
    }
    return count;
  }
}
