package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Passes on an engine's ranking under the name that the client knows. Used once, by one thread.
final class RerankRewriter {
  private final String model;
  private Optional<Usage> usage = Optional.empty();
  private int results = -1;

  private RerankRewriter(String model) {
    this.model = model;
  }

  static EmbeddingAnswer rewrite(ByteBuf engineBody, String model, ByteBufAllocator allocator) {
    RerankRewriter rewriter = new RerankRewriter(model);
    try (JsonParser in = Json.parser(engineBody)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        String json = Json.write(out -> rewriter.copy(in, out));
        if (rewriter.results >= 0) {
          Usage told = rewriter.usage.orElse(new Usage(0, 0, 0));
          return new EmbeddingAnswer.Vectors(
              ByteBufUtil.writeUtf8(allocator, json), told, rewriter.results);
        }
      }
    } catch (IOException | UncheckedIOException _) {
      return rewriter.unreadable("it is not JSON");
    }
    return rewriter.unreadable("it has no results");
  }

  private EmbeddingAnswer unreadable(String why) {
    return new EmbeddingAnswer.Unreadable(
        ApiError.badGateway(
            "The engine of the model `%s` sent no usable ranking: %s.".formatted(model, why)));
  }

  private void copy(JsonParser in, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("model", model);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      if (key.equals("model") || key.equals("timings")) {
        in.skipChildren();
      } else if (key.equals("usage") && value == JsonToken.START_OBJECT) {
        String text = Json.copyOf(in);
        usage = read(text);
        out.writeFieldName(key);
        out.writeRawValue(text);
      } else if (key.equals("results") && value == JsonToken.START_ARRAY) {
        out.writeFieldName(key);
        elements(in, out);
      } else {
        out.writeFieldName(key);
        out.copyCurrentStructure(in);
      }
    }
    out.writeEndObject();
  }

  private void elements(JsonParser in, JsonGenerator out) throws IOException {
    results = 0;
    out.writeStartArray();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      out.copyCurrentStructure(in);
      results++;
    }
    out.writeEndArray();
  }

  private static Optional<Usage> read(String text) throws IOException {
    try (JsonParser json = Json.FACTORY.createParser(text)) {
      json.nextToken();
      return UsageJson.read(json);
    }
  }
}
