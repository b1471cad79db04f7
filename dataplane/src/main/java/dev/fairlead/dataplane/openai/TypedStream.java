package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import dev.fairlead.dataplane.openai.StreamNormaliser.Sink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Passes on the answer of an engine's own Responses or Messages endpoint, with the repairs of its
/// {@link TypedDialect}. Nothing is sent before the first piece, so that until then the request can
/// go elsewhere; an end without the last event is a failure, never an end.
final class TypedStream implements AnswerNormaliser {
  private final TypedDialect dialect;
  private final boolean whole;
  private final ByteBufAllocator allocator;
  private final Sink sink;
  private final StringBuilder held = new StringBuilder();
  private boolean outputBegan;
  private boolean terminated;
  private long pieces;

  TypedStream(TypedDialect dialect, Form form, ByteBufAllocator allocator, Sink sink) {
    this.dialect = dialect;
    this.whole = form == Form.WHOLE;
    this.allocator = allocator;
    this.sink = sink;
  }

  @Override
  public void accept(SseEvent event) {
    if (terminated || isDone(event.data())) {
      return;
    }
    if (event.name().equals("error")) {
      fail(EngineErrors.inStream(dialect.identity(), event.data()));
      return;
    }
    try {
      take(event.data(), dialect.read(event.data()));
    } catch (JsonProcessingException _) {
      fail(ApiError.badGateway("The engine sent something that is not JSON."));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    } catch (Refusal e) {
      fail(e.error());
    }
  }

  /// Some engines end every kind of stream as they do a chat's.
  private static boolean isDone(ByteBuf data) {
    return data.readableBytes() < 16 && data.toString(UTF_8).strip().equals("[DONE]");
  }

  private void take(ByteBuf data, TypedEvent event) {
    switch (event.kind()) {
      case ERROR -> fail(EngineErrors.inStream(dialect.identity(), data));
      case FRAME -> send(event.text(), outputBegan);
      case PIECE -> {
        pieces++;
        if (pieces == 1) {
          sink.firstToken();
        }
        send(event.text(), true);
      }
      case LAST -> complete(event.text());
    }
  }

  private void send(String text, boolean now) {
    if (whole) {
      return;
    }
    held.append(text);
    if (now && !held.isEmpty()) {
      outputBegan = true;
      ByteBuf bytes = ByteBufUtil.writeUtf8(allocator, held);
      held.setLength(0);
      sink.output(bytes);
    }
  }

  private void complete(String last) {
    terminated = true;
    if (whole) {
      sink.output(ByteBufUtil.writeUtf8(allocator, dialect.whole()));
    } else {
      send(last, true);
    }
    sink.finished(dialect.usage(), dialect.finishReason().orElse("stop"));
  }

  @Override
  public void fail(ApiError error) {
    if (terminated) {
      return;
    }
    if (dialect.finishReason().isPresent()) {
      complete(dialect.closing());
      return;
    }
    terminated = true;
    if (outputBegan) {
      ErrorForm form = ErrorForm.of(dialect.identity().kind());
      sink.output(ByteBufUtil.writeUtf8(allocator, form.event(error)));
    }
    sink.failed(error);
  }

  @Override
  public void end() {
    fail(ApiError.badGateway("The engine ended its answer before it was complete."));
  }

  @Override
  public long deltas() {
    return pieces;
  }
}
