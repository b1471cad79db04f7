package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.openai.ScannedRequest.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// An engine's vectors in the encoding that the client asked for, its ranking of texts, or its
/// count of tokens.
public sealed interface EmbeddingAnswer {

  /// The answer's body, of which the holder owns the reference.
  record Vectors(ByteBuf body, Usage usage, int count) implements EmbeddingAnswer {
    public Vectors {
      requireNonNull(body, "body is null");
      requireNonNull(usage, "usage is null");
    }
  }

  /// The engine's answer makes no sense.
  record Unreadable(ApiError error) implements EmbeddingAnswer {
    public Unreadable {
      requireNonNull(error, "error is null");
    }
  }

  /// Rewrites a whole answer (status 200) of an engine; `engineBody` stays the caller's. Base64 is
  /// of little-endian 32-bit floats, as OpenAI's.
  static EmbeddingAnswer rewrite(
      ByteBuf engineBody, String model, Encoding encoding, ByteBufAllocator allocator) {
    return new EmbeddingRewriter(model, encoding).rewrite(engineBody, allocator);
  }

  /// The same for a ranking of texts: its results are counted, and only the model is renamed.
  static EmbeddingAnswer ranking(ByteBuf engineBody, String model, ByteBufAllocator allocator) {
    return RerankRewriter.rewrite(engineBody, model, allocator);
  }

  /// The same for a count of tokens, which is all that is passed on.
  static EmbeddingAnswer count(ByteBuf engineBody, String model, ByteBufAllocator allocator) {
    return TokenCount.rewrite(engineBody, model, allocator);
  }
}
