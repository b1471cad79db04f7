package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.openai.AnswerIdentity;
import dev.fairlead.dataplane.openai.AnswerNormaliser;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.SseReader;
import dev.fairlead.dataplane.openai.StreamNormaliser;
import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import dev.fairlead.dataplane.openai.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads an engine's stream and answers it as events, or as one whole. Nothing is sent before the
/// first event, so that an engine that fails until then can still be answered by a status.
final class StreamAnswer implements AnswerReader, StreamNormaliser.Sink {
  private final Form form;
  private final Reply reply;
  private final Outcome outcome;
  private final AnswerNormaliser normaliser;
  private final SseReader reader;
  private @Nullable ByteBuf whole;
  private boolean engineBroke;

  StreamAnswer(
      AnswerIdentity identity, Form form, int maxEventBytes, Reply reply, Outcome outcome) {
    this.form = form;
    this.reply = reply;
    this.outcome = outcome;
    this.normaliser = AnswerNormaliser.create(identity, form, PooledByteBufAllocator.DEFAULT, this);
    this.reader = new SseReader(maxEventBytes, normaliser);
  }

  @Override
  public void data(ByteBuf part) {
    long before = normaliser.deltas();
    reader.accept(part);
    outcome.generated(normaliser.deltas() - before);
  }

  @Override
  public void end() {
    engineBroke = true;
    reader.end();
  }

  @Override
  public void fail(ApiError error) {
    engineBroke = true;
    normaliser.fail(error);
  }

  @Override
  public void release() {
    ByteBuf held = whole;
    whole = null;
    if (held != null) {
      held.release();
    }
  }

  @Override
  public void firstToken() {
    outcome.promptRead();
  }

  @Override
  public void output(ByteBuf bytes) {
    if (form == Form.WHOLE) {
      whole = bytes;
    } else {
      reply.events(bytes);
    }
  }

  @Override
  public void finished(Optional<Usage> usage, String finishReason) {
    ByteBuf answer = whole;
    whole = null;
    if (answer != null) {
      reply.whole(answer, usage, finishReason);
    } else {
      reply.finish();
    }
    outcome.finished(usage, finishReason);
  }

  @Override
  public void failed(ApiError error) {
    outcome.failed(error, engineBroke);
  }
}
