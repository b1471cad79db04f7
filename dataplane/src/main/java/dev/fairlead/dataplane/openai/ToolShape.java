package dev.fairlead.dataplane.openai;

import org.jspecify.annotations.Nullable;

/// Whether the definition of a tool has what every engine needs of one. Reused for one tool after
/// the other, by one thread.
final class ToolShape {
  private @Nullable String type;
  private boolean named;

  void begin() {
    type = null;
    named = false;
  }

  void type(@Nullable String text) {
    type = text == null ? "" : text;
  }

  void named() {
    named = true;
  }

  /// The definition has ended.
  void check(RequestPosition at) {
    if (type == null) {
      throw at.missing("type");
    }
    if (type.equals("function") && !named) {
      throw at.missing("function.name");
    }
  }
}
