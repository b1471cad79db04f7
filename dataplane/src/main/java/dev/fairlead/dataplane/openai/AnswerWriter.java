package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The form in which an answer goes to the client. What the methods return is owned by the caller.
interface AnswerWriter {

  /// What to send at once because of a piece; null for nothing. The first piece may be empty.
  @Nullable ByteBuf delta(Delta delta);

  /// What to send at the end.
  ByteBuf finish(String finishReason, Optional<Usage> usage);
}
