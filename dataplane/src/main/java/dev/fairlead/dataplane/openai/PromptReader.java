package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.dataplane.openai.JsonScanner.Literal;
import org.jspecify.annotations.Nullable;

/// Hashes the prompt of a body while a {@link RequestReader} reads the same body. The prompt is
/// what engines make of it, in the order of their templates, wherever its parts stand in the body:
///
/// 1. `tools`: all texts in it;
/// 2. `system` or `instructions`;
/// 3. `messages`, `input` or `prompt`: roles, texts, links to images, calls of tools, token ids.
///
/// Texts count without their escapes. What else is in the body does not count, and neither do the
/// keys and the blanks between the texts. Used by one thread.
final class PromptReader implements JsonScanner.Handler {
  private static final int PARTS = 3;

  private final RequestPlace root;
  private final RequestReader next;

  /// By the numbers above, from 0.
  private final @Nullable PromptLane[] parts = new @Nullable PromptLane[PARTS];

  private @Nullable PromptLane lane;
  private int depth;

  PromptReader(EndpointKind kind, RequestReader next) {
    this.root = RequestPlace.root(kind);
    this.next = next;
  }

  /// What was hashed, at the end of the body.
  PromptBlocks blocks() {
    int count = 0;
    for (PromptLane part : parts) {
      count += part == null ? 0 : part.count();
    }
    if (count == 0) {
      return PromptBlocks.NONE;
    }
    long[] hashes = new long[count];
    int at = 0;
    long before = 0;
    for (PromptLane part : parts) {
      if (part != null) {
        part.copyTo(hashes, at, before);
        at += part.count();
        before = part.after(before);
      }
    }
    return PromptBlocks.of(hashes, count);
  }

  private @Nullable PromptLane laneOf(@Nullable String key) {
    int part =
        switch (key) {
          case "tools" -> 0;
          case "system", "instructions" -> 1;
          case "messages", "input", "prompt" -> 2;
          case null, default -> PARTS;
        };
    if (part == PARTS || root.indexOf(requireNonNull(key)) < 0) {
      return null;
    }
    PromptLane begun = new PromptLane();
    parts[part] = begun;
    return begun;
  }

  @Override
  public @Nullable PromptLane prompt() {
    return lane;
  }

  @Override
  public boolean wantsText() {
    return next.wantsText();
  }

  @Override
  public void startObject(int start) {
    depth++;
    next.startObject(start);
  }

  @Override
  public void startArray(int start) {
    depth++;
    next.startArray(start);
  }

  @Override
  public void endContainer(int end) {
    depth--;
    // The end of all messages is none of the prompt's: the next turn goes on there.
    if (lane != null && depth > 1) {
      lane.endContainer();
    }
    next.endContainer(end);
  }

  @Override
  public void key(@Nullable String key) {
    if (depth == 1) {
      lane = laneOf(key);
    }
    next.key(key);
  }

  @Override
  public void string(@Nullable String text, int bytes, Span at) {
    if (lane != null) {
      lane.endText();
    }
    next.string(text, bytes, at);
  }

  @Override
  public void number(long value, boolean whole) {
    if (lane != null) {
      lane.addNumber(value);
    }
    next.number(value, whole);
  }

  @Override
  public void literal(Literal literal, Span at) {
    if (lane != null) {
      var _ = lane.add(literal == Literal.TRUE ? 1 : 0);
    }
    next.literal(literal, at);
  }
}
