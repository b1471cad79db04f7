package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Splits an agent's stream into complete events without copying or parsing those that only carry
/// text: what it looks for is the form that {@link StreamNormaliser} writes, anything else is
/// parsed. Used by one thread at a time, for one answer; `close` it in the end.
public final class EventBoundaries implements AutoCloseable {

  /// Who takes the events.
  public interface Sink {
    /// Owns one reference to the event's bytes.
    void event(RelayEvent event);

    /// An event is longer than allowed; nothing follows.
    void fail(ApiError error);
  }

  public EventBoundaries(int maxEventBytes, ByteBufAllocator allocator, Sink sink) {}

  /// Reads the readable bytes of the next chunk, which is neither consumed nor released; events
  /// that lie within it are retained slices.
  public void accept(ByteBuf chunk) {
    Json.pending();
  }

  /// Whether the bytes so far end with a complete event: an own event may be put in here.
  public boolean atBoundary() {
    return Json.pending();
  }

  /// Releases the incomplete event that is left, if any.
  @Override
  public void close() {
    Json.pending();
  }
}
