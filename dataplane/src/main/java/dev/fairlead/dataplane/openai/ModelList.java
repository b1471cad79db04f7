package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/// The answers of `/v1/models` and `/v1/models/{id}`.
public record ModelList(List<Entry> entries) {

  /// One model; `created` is in seconds since the epoch.
  public record Entry(String id, long created) {
    public Entry {
      requireNonNull(id, "id is null");
    }

    public String toJson() {
      return Json.write(this::writeTo);
    }

    private void writeTo(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("id", id);
      json.writeStringField("object", "model");
      json.writeNumberField("created", created);
      json.writeStringField("owned_by", "fairlead");
      json.writeEndObject();
    }
  }

  public ModelList {
    entries = List.copyOf(entries);
  }

  public String toJson() {
    return Json.write(json -> {
      json.writeStartObject();
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (Entry entry : entries) {
        entry.writeTo(json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }
}
