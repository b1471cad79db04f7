package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.EmbeddingAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Optional;

/// Collects an engine's vectors and answers them in the encoding that the client asked for; or its
/// ranking of texts, or its count of tokens.
final class VectorAnswer implements AnswerReader {
  private static final String COMPLETE = "stop";

  private final LinkRequest request;
  private final CollectedBody body;
  private final int maxBytes;
  private final Reply reply;
  private final Outcome outcome;
  private boolean over;

  VectorAnswer(LinkRequest request, int maxBytes, Reply reply, Outcome outcome) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.body = new CollectedBody(maxBytes);
    this.reply = reply;
    this.outcome = outcome;
  }

  @Override
  public void data(ByteBuf part) {
    if (!over && !body.add(part)) {
      over = true;
      outcome.failed(
          ApiError.badGateway("The engine answered more than %d bytes.".formatted(maxBytes)),
          false);
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    over = true;
    outcome.promptRead();
    switch (rewritten()) {
      case EmbeddingAnswer.Vectors vectors -> {
        reply.whole(vectors.body(), Optional.of(vectors.usage()));
        outcome.finished(Optional.of(vectors.usage()), COMPLETE);
      }
      case EmbeddingAnswer.Unreadable unreadable -> outcome.failed(unreadable.error(), false);
    }
  }

  private EmbeddingAnswer rewritten() {
    PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    return switch (request.kind()) {
      case RERANK -> EmbeddingAnswer.ranking(body.bytes(), request.model(), allocator);
      case COUNT_TOKENS -> EmbeddingAnswer.count(body.bytes(), request.model(), allocator);
      case EMBEDDING ->
          EmbeddingAnswer.rewrite(body.bytes(), request.model(), request.encoding(), allocator);
      case CHAT, COMPLETION, RESPONSES, MESSAGES ->
          throw new IllegalStateException(request.kind() + " does not come whole");
    };
  }

  @Override
  public void fail(ApiError error) {
    if (!over) {
      over = true;
      outcome.failed(error, true);
    }
  }

  @Override
  public void release() {
    body.release();
  }
}
