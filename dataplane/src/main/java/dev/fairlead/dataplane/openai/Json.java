package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// The one JSON factory of this package: it closes no targets and keeps no table of keys across
/// documents.
final class Json {
  static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private Json() {}

  @SuppressWarnings("TypeParameterUnusedInFormals")
  static <T> T pending() {
    java.util.List<T> none = java.util.List.of();
    return none.getFirst();
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
}
