package dev.fairlead.dataplane.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one chunk adds to an answer, repaired. `content` is the text of a legacy completion too;
/// `logprobs` is JSON.
record Delta(
    @Nullable String content,
    @Nullable String reasoning,
    @Nullable String refusal,
    List<ToolPart> tools,
    @Nullable String logprobs) {

  /// A piece of a tool call: `id` and `name` are there once for each `index`.
  record ToolPart(
      int index, @Nullable String id, @Nullable String name, @Nullable String arguments) {}

  boolean isEmpty() {
    return isNone(content)
        && isNone(reasoning)
        && isNone(refusal)
        && tools.isEmpty()
        && logprobs == null;
  }

  private static boolean isNone(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
