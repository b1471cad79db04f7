package dev.fairlead.dataplane.openai;

import dev.fairlead.dataplane.openai.Delta.ToolPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Repairs the tool calls of one answer: clients need an index always and id and name exactly once,
/// while engines leave out the index, use 0 for every call, or repeat id and name in each piece.
final class ToolCalls {
  private final AnswerIdentity identity;
  private final List<Call> calls = new ArrayList<>(1);

  /// A call that has begun. `engineIndex` is what the engine calls it, at present.
  private static final class Call {
    private final int index;
    private final int engineIndex;
    private final @Nullable String engineId;
    private boolean named;

    Call(int index, int engineIndex, @Nullable String engineId) {
      this.index = index;
      this.engineIndex = engineIndex;
      this.engineId = engineId;
    }
  }

  ToolCalls(AnswerIdentity identity) {
    this.identity = identity;
  }

  List<ToolPart> repair(List<EngineChunk.ToolPart> parts) {
    if (parts.isEmpty()) {
      return List.of();
    }
    List<ToolPart> repaired = new ArrayList<>(parts.size());
    for (int position = 0; position < parts.size(); position++) {
      EngineChunk.ToolPart part = parts.get(position);
      Call known = find(part, position);
      Call call = known == null ? begin(part, position) : known;
      String id = known == null ? idOf(call, part) : null;
      String name = call.named ? null : orNull(part.name());
      call.named |= name != null;
      String arguments = orNull(part.arguments());
      if (id != null || name != null || arguments != null) {
        repaired.add(new ToolPart(call.index, id, name, arguments));
      }
    }
    return repaired;
  }

  private String idOf(Call call, EngineChunk.ToolPart part) {
    String id = orNull(part.id());
    return id == null ? identity.toolCallId(call.index) : id;
  }

  /// The call that a piece belongs to: by its id; without one by its index; without both the last
  /// call, unless the piece stands behind others of the same chunk.
  private @Nullable Call find(EngineChunk.ToolPart part, int position) {
    String id = orNull(part.id());
    Integer index = part.index();
    if (id == null && index == null && position == 0) {
      return calls.isEmpty() ? null : calls.getLast();
    }
    int wanted = index == null ? position : index;
    for (Call call : calls.reversed()) {
      boolean sameIndex = call.engineIndex == wanted;
      if (id == null ? sameIndex : id.equals(call.engineId)) {
        return call;
      }
      if (id != null && call.engineId == null && sameIndex) {
        return call;
      }
    }
    return null;
  }

  private Call begin(EngineChunk.ToolPart part, int position) {
    Integer index = part.index();
    int next = calls.size();
    int fallback = position == 0 ? next : position;
    Call call = new Call(next, index == null ? fallback : index, orNull(part.id()));
    calls.add(call);
    return call;
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
