package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Optional;

/// What an API with typed events calls things. It repairs one answer's events in their order.
interface TypedDialect {
  AnswerIdentity identity();

  /// Reads and repairs the next event.
  ///
  /// @throws IOException when it is not JSON
  TypedEvent read(ByteBuf data) throws IOException;

  /// Why the model stopped, in OpenAI's words for a chat; empty until the engine has told.
  Optional<String> finishReason();

  Optional<Usage> usage();

  /// What is left to send when the engine breaks off although it has told why the model stopped.
  String closing();

  /// The answer for a client that did not ask for a stream, once it is complete.
  String whole();
}
