package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// One complete event on its way from an agent to a client, with its blank line. Whoever gets it
/// owns one reference to `bytes`.
///
/// @param usage of a usage-only or a finishing event
/// @param finishReason of a finishing event
public record RelayEvent(
    Kind kind, ByteBuf bytes, Optional<Usage> usage, Optional<String> finishReason) {

  /// What the gateway does with an event depends on this alone.
  public enum Kind {
    /// Comments only.
    COMMENT,
    /// A piece of the answer.
    DATA,
    /// What an API with typed events puts around the pieces.
    FRAME,
    /// The last piece: its `finish_reason` is not null.
    FINISH,
    /// `choices` is empty: for the client only if it asked for usage.
    USAGE,
    /// A failure in mid-stream; nothing follows.
    ERROR,
    /// `[DONE]`.
    DONE
  }

  public RelayEvent {
    requireNonNull(kind, "kind is null");
    requireNonNull(bytes, "bytes is null");
    requireNonNull(usage, "usage is null");
    requireNonNull(finishReason, "finishReason is null");
  }
}
