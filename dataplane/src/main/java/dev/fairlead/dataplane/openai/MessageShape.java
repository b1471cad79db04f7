package dev.fairlead.dataplane.openai;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a message has what every engine needs of one, and how much it says. Reused for one
/// message after the other, by one thread.
final class MessageShape {
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private @Nullable String role;
  private boolean hasContent;
  private int bytes;

  void begin() {
    role = null;
    hasContent = false;
    bytes = 0;
  }

  void role(@Nullable String text) {
    role = text;
  }

  /// A role that must be a known one.
  void knownRole(@Nullable String text, RequestPosition at) {
    if (text == null || !ROLES.contains(text)) {
      String path = at.path();
      throw Refusal.of(
          ApiError.badParameter(
              path,
              "invalid_value",
              "`%s` must be one of system, developer, user, assistant, tool, function."
                  .formatted(path)));
    }
    role = text;
  }

  void content() {
    hasContent = true;
  }

  void text(int more) {
    bytes += more;
  }

  /// The message has ended.
  void check(RequestPosition at) {
    if (role == null) {
      throw at.missing("role");
    }
    if (!hasContent && !role.equals("assistant")) {
      throw at.missing("content");
    }
  }

  /// The bytes of its text that are surely in the prompt: what the assistant said is left out by
  /// some templates, in part.
  int certainBytes() {
    return "assistant".equals(role) ? 0 : bytes;
  }
}
