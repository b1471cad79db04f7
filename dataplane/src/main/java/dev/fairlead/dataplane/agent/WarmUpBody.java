package dev.fairlead.dataplane.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.core.model.Artifact.Purpose;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Writes the smallest request that makes an engine use its model. Pure.
final class WarmUpBody {
  private static final JsonFactory JSON = new JsonFactory();

  private WarmUpBody() {}

  static String of(Purpose purpose, String engineModel) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("model", engineModel);
      switch (purpose) {
        case CHAT, ANY -> {
          json.writeStringField("prompt", "Hi");
          json.writeNumberField("max_tokens", 1);
        }
        case EMBEDDING -> json.writeStringField("input", "Hi");
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
