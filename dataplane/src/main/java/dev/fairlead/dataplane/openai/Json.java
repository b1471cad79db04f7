package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// The JSON of this package: what engines answer, and what is made of it. Keys are not interned and
/// not kept from document to document, for clients may choose them: an engine repeats their tools.
final class Json {
  static final JsonFactory FACTORY =
      builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  /// Keeps the keys: a stream of chunks has the same few in each, and none of a client's.
  private static final JsonFactory CHUNKS = builder().build();

  private Json() {}

  private static JsonFactoryBuilder builder() {
    return new JsonFactoryBuilder()
        .rootValueSeparator("")
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
  }

  /// What writes one document.
  interface Document {
    void writeTo(JsonGenerator json) throws IOException;
  }

  static String write(Document document) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      document.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }

  /// The value at which the parser stands, as text; the parser moves to its end.
  static String copyOf(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  /// Reads the readable bytes, which stay as they are.
  static JsonParser parser(ByteBuf bytes) throws IOException {
    return parser(FACTORY, bytes);
  }

  /// The same for a chunk of a chat or a completion.
  static JsonParser chunk(ByteBuf bytes) throws IOException {
    return parser(CHUNKS, bytes);
  }

  private static JsonParser parser(JsonFactory factory, ByteBuf bytes) throws IOException {
    int length = bytes.readableBytes();
    if (bytes.hasArray()) {
      return factory.createParser(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
    }
    return factory.createParser(ByteBufUtil.getBytes(bytes));
  }
}
