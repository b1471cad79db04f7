package dev.fairlead.dataplane.openai;

import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import io.netty.buffer.ByteBufAllocator;

/// Brings the stream of an engine into the form that clients of its API take. Used by one thread at
/// a time, for one answer; fed from a {@link SseReader}, whose sink it is.
public interface AnswerNormaliser extends SseReader.Sink {

  /// How many pieces of the answer there were so far: about as many as tokens.
  long deltas();

  /// The one for an answer's kind.
  static AnswerNormaliser create(
      AnswerIdentity identity, Form form, ByteBufAllocator allocator, StreamNormaliser.Sink sink) {
    return switch (identity.kind()) {
      case CHAT, COMPLETION -> new StreamNormaliser(identity, form, allocator, sink);
      case RESPONSES -> new TypedStream(new ResponsesDialect(identity), form, allocator, sink);
      case MESSAGES -> new TypedStream(new MessagesDialect(identity), form, allocator, sink);
      case EMBEDDING, RERANK, COUNT_TOKENS ->
          throw new IllegalArgumentException(identity.kind() + " is not a stream");
    };
  }
}
