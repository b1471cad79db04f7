package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;

/// Splits what an engine sends into events, whatever its line ends and chunks (WHATWG HTML, 9.2.6).
/// Comments, ids and retry times are dropped. Used by one thread at a time, for one answer.
public final class SseReader {

  /// Who takes the events.
  public interface Sink {
    void accept(SseEvent event);

    /// The stream cannot be read any further; nothing follows.
    void fail(ApiError error);

    /// The stream has ended, by itself; nothing follows.
    void end();
  }

  public SseReader(int maxEventBytes, Sink sink) {}

  /// Reads the readable bytes of the next chunk, which is neither consumed nor released.
  public void accept(ByteBuf chunk) {
    Json.pending();
  }

  /// The engine has ended its answer. An event without its blank line is dropped.
  public void end() {
    Json.pending();
  }
}
