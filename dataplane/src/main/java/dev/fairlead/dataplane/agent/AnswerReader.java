package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.Usage;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Turns the body of an engine's answer into the gateway's. Confined to the agent's loop.
interface AnswerReader {
  /// Learns what became of the answer. One of `finished` and `failed` is called, once.
  interface Outcome {
    /// The engine has read the prompt.
    void promptRead();

    /// So many more tokens were generated, as far as one can see without counting them.
    void generated(long tokens);

    /// The answer was given in full.
    void finished(Optional<Usage> usage, String finishReason);

    /// There is no full answer. When nothing of it was sent, the error is yet to be answered.
    ///
    /// @param engineBroke whether the engine broke off, rather than saying so
    void failed(ApiError error, boolean engineBroke);
  }

  /// Takes the next bytes, borrowed.
  void data(ByteBuf part);

  /// The engine has ended its answer.
  void end();

  /// The engine will not end its answer.
  void fail(ApiError error);

  /// Releases what is held; nothing follows.
  void release();
}
