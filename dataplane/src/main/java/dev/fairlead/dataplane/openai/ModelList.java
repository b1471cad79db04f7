package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// The answers of `/v1/models` and `/v1/models/{id}`.
public record ModelList(List<Entry> entries) {

  /// One model; `created` is in seconds since the epoch.
  public record Entry(String id, long created) {
    public Entry {
      requireNonNull(id, "id is null");
    }

    public String toJson() {
      return Json.pending();
    }
  }

  public ModelList {
    entries = List.copyOf(entries);
  }

  public String toJson() {
    return Json.pending();
  }
}
