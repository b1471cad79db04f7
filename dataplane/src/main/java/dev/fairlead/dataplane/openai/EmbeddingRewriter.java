package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.dataplane.openai.EmbeddingAnswer.Unreadable;
import dev.fairlead.dataplane.openai.EmbeddingAnswer.Vectors;
import dev.fairlead.dataplane.openai.ScannedRequest.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// Reads an engine's embeddings and writes them at the same time, one vector after the other.
final class EmbeddingRewriter {
  private final String model;
  private final Encoding encoding;
  private float[] vector = new float[1024];
  private int dimensions;
  private int count;
  private Optional<Usage> usage = Optional.empty();

  EmbeddingRewriter(String model, Encoding encoding) {
    this.model = model;
    this.encoding = encoding;
  }

  EmbeddingAnswer rewrite(ByteBuf body, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(body.readableBytes() + 64);
    boolean written = false;
    try (JsonParser in = Json.parser(body);
        JsonGenerator json =
            Json.FACTORY.createGenerator((OutputStream) new ByteBufOutputStream(out))) {
      answer(in, json);
      json.flush();
      written = true;
      return new Vectors(out, usage.orElse(new Usage(0, 0, 0)), count);
    } catch (Refusal e) {
      return new Unreadable(e.error());
    } catch (JsonProcessingException _) {
      return new Unreadable(
          ApiError.badGateway("The engine of the model `%s` sent no vectors.".formatted(model)));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      if (!written) {
        out.release();
      }
    }
  }

  private Refusal unreadable(String why) {
    return Refusal.of(
        ApiError.badGateway(
            "The engine of the model `%s` sent no usable vectors: %s.".formatted(model, why)));
  }

  private void answer(JsonParser in, JsonGenerator json) throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw unreadable("no object");
    }
    json.writeStartObject();
    json.writeStringField("object", "list");
    boolean found = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      if (key.equals("data") && value == JsonToken.START_ARRAY && !found) {
        found = true;
        data(in, json);
      } else if (key.equals("usage")) {
        usage = UsageJson.read(in);
      } else {
        in.skipChildren();
      }
    }
    if (!found || count == 0) {
      throw unreadable("no data");
    }
    json.writeStringField("model", model);
    long tokens = usage.map(Usage::promptTokens).orElse(0L);
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", tokens);
    json.writeNumberField("total_tokens", tokens);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void data(JsonParser in, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("data");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw unreadable("an element is no object");
      }
      element(in, json);
      count++;
    }
    json.writeEndArray();
  }

  private void element(JsonParser in, JsonGenerator json) throws IOException {
    int index = count;
    dimensions = 0;
    json.writeStartObject();
    json.writeStringField("object", "embedding");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      if (key.equals("embedding") && dimensions == 0) {
        switch (value) {
          case START_ARRAY -> floats(in);
          case VALUE_STRING -> base64(in);
          default -> throw unreadable("an embedding is no list");
        }
      } else if (key.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
        index = in.getIntValue();
      } else {
        in.skipChildren();
      }
    }
    if (dimensions == 0) {
      throw unreadable("an embedding is missing");
    }
    json.writeFieldName("embedding");
    write(json);
    json.writeNumberField("index", index);
    json.writeEndObject();
  }

  private void floats(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (!in.currentToken().isNumeric()) {
        throw unreadable("an embedding holds something else than numbers");
      }
      add(in.getFloatValue());
    }
  }

  private void base64(JsonParser in) throws IOException {
    byte[] bytes = in.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
    if (bytes.length % Float.BYTES != 0) {
      throw unreadable("an embedding is cut");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      add(buffer.getFloat());
    }
  }

  private void add(float number) {
    if (!Float.isFinite(number)) {
      throw unreadable("an embedding holds a number that is not finite");
    }
    if (dimensions == vector.length) {
      vector = Arrays.copyOf(vector, 2 * dimensions);
    }
    vector[dimensions++] = number;
  }

  private void write(JsonGenerator json) throws IOException {
    switch (encoding) {
      case FLOAT -> {
        json.writeStartArray();
        for (int i = 0; i < dimensions; i++) {
          json.writeNumber(vector[i]);
        }
        json.writeEndArray();
      }
      case BASE64 -> {
        ByteBuffer bytes =
            ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < dimensions; i++) {
          bytes.putFloat(vector[i]);
        }
        json.writeBinary(
            Base64Variants.MIME_NO_LINEFEEDS, bytes.array(), 0, dimensions * Float.BYTES);
      }
    }
  }
}
