package dev.fairlead.api;

/// Tells resources apart.
public record ResourceKey(Resource.Kind kind, String namespace, String name) {
  /// How a message names the resource, such as "Model `chat`".
  @Override
  public String toString() {
    return kind.word() + " `" + name + "`";
  }
}
