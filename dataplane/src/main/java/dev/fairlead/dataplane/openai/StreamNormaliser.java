package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/// Turns the stream of any engine into the one form that all clients take, as events or as one
/// whole answer. Used by one thread at a time, for one answer. Feed it from a {@link SseReader},
/// whose sink it is.
public final class StreamNormaliser implements SseReader.Sink {

  /// How the client gets the answer.
  public enum Form {
    /// Server-sent events.
    EVENTS,
    /// Events, with `usage` on the finishing one too, because the client asked for usage.
    EVENTS_WITH_USAGE,
    /// One JSON object.
    WHOLE
  }

  /// Who takes the answer. Exactly one of `finished` and `failed` is called, as the last.
  public interface Sink {
    /// The first piece of text, reasoning or tool call has arrived; called once, before its output.
    default void firstToken() {}

    /// Bytes for the client, owned by the sink: one or more complete events, or the whole answer
    /// (once, just before `finished`).
    void output(ByteBuf bytes);

    /// The answer is complete. `usage` is empty when the engine told none.
    void finished(Optional<Usage> usage, String finishReason);

    /// There is no complete answer. If there was any output, its last piece was the error event,
    /// and the connection is to be closed without `[DONE]`; if there was none, the error can still
    /// be the whole answer.
    void failed(ApiError error);
  }

  public StreamNormaliser(
      AnswerIdentity identity, Form form, ByteBufAllocator allocator, Sink sink) {}

  @Override
  public void accept(SseEvent event) {
    Json.pending();
  }

  /// Ends the answer because of what happened outside of it: a lost connection, a time limit. Once
  /// the finish reason is known the answer counts as complete nevertheless.
  @Override
  public void fail(ApiError error) {
    Json.pending();
  }

  @Override
  public void end() {
    Json.pending();
  }

  /// Whether `finished` or `failed` has been called.
  public boolean isTerminated() {
    return Json.pending();
  }

  /// How many pieces of the answer there were so far: about as many as tokens.
  public long deltas() {
    return Json.pending();
  }
}
