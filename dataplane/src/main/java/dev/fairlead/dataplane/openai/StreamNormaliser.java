package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the stream of any engine into the one form that all clients take, as events or as one
/// whole answer. Used by one thread at a time, for one answer. Feed it from a {@link SseReader},
/// whose sink it is.
///
/// 1. The first chunk carries the role, and nothing else does.
/// 2. Each chunk is repaired and passed on at once; empty ones and keys of the engine's own are
///    not.
/// 3. The finishing chunk is held until the engine has told the usage, or is done.
/// 4. Then it goes out with the usage behind it, and `[DONE]`. An end without a finish reason is a
///    failure, never an end.
public final class StreamNormaliser implements AnswerNormaliser {

  /// How the client gets the answer.
  public enum Form {
    /// Server-sent events.
    EVENTS,
    /// Events, with `usage` on the finishing one too, for a client that leaves there.
    EVENTS_WITH_USAGE,
    /// One JSON object.
    WHOLE
  }

  /// Who takes the answer. Exactly one of `finished` and `failed` is called, as the last.
  public interface Sink {
    /// The first piece of text, reasoning or tool call has arrived; called once, before its output.
    default void firstToken() {}

    /// Bytes for the client, owned by the sink: one or more complete events, or the whole answer
    /// (once, just before `finished`).
    void output(ByteBuf bytes);

    /// The answer is complete. `usage` is empty when the engine told none.
    void finished(Optional<Usage> usage, String finishReason);

    /// There is no complete answer. If there was any output, its last piece was the error event,
    /// and the connection is to be closed without `[DONE]`; if there was none, the error can still
    /// be the whole answer.
    void failed(ApiError error);
  }

  private static final String DONE = "[DONE]";

  private final AnswerIdentity identity;
  private final ByteBufAllocator allocator;
  private final Sink sink;
  private final AnswerWriter writer;
  private final ToolCalls toolCalls;
  private Optional<Usage> usage = Optional.empty();
  private @Nullable String finishReason;
  private boolean outputBegan;
  private boolean terminated;
  private long deltas;

  public StreamNormaliser(
      AnswerIdentity identity, Form form, ByteBufAllocator allocator, Sink sink) {
    this.identity = requireNonNull(identity, "identity is null");
    this.allocator = requireNonNull(allocator, "allocator is null");
    this.sink = requireNonNull(sink, "sink is null");
    this.toolCalls = new ToolCalls(identity);
    this.writer =
        switch (form) {
          case EVENTS -> new EventWriter(identity, false, allocator);
          case EVENTS_WITH_USAGE -> new EventWriter(identity, true, allocator);
          case WHOLE -> new AnswerAssembler(identity, allocator);
        };
  }

  @Override
  public void accept(SseEvent event) {
    if (terminated) {
      return;
    }
    if (event.name().equals("error")) {
      fail(EngineErrors.inStream(identity, event.data()));
    } else if (isDone(event.data())) {
      end();
    } else {
      try {
        take(event.data(), EngineChunk.parse(event.data()));
      } catch (JsonProcessingException _) {
        fail(ApiError.badGateway("The engine sent something that is not JSON."));
      } catch (IOException e) {
        throw new UncheckedIOException("reading from memory failed", e);
      } catch (Refusal e) {
        fail(e.error());
      }
    }
  }

  private static boolean isDone(ByteBuf data) {
    int length = data.readableBytes();
    return length >= DONE.length() && length < 16 && data.toString(UTF_8).strip().equals(DONE);
  }

  private void take(ByteBuf data, EngineChunk chunk) {
    if (chunk.error) {
      fail(EngineErrors.inStream(identity, data));
      return;
    }
    if (finishReason == null) {
      pass(chunk);
      finishReason = chunk.finishReason;
    }
    if (chunk.usage.isPresent()) {
      usage = chunk.usage;
      if (finishReason != null) {
        complete(finishReason);
      }
    }
  }

  private void pass(EngineChunk chunk) {
    Delta delta =
        new Delta(
            chunk.content,
            chunk.reasoning,
            chunk.refusal,
            toolCalls.repair(chunk.tools),
            chunk.logprobs);
    if (!delta.isEmpty()) {
      deltas++;
      if (deltas == 1) {
        sink.firstToken();
      }
    }
    output(writer.delta(delta));
  }

  private void output(@Nullable ByteBuf bytes) {
    if (bytes != null) {
      outputBegan = true;
      sink.output(bytes);
    }
  }

  private void complete(String reason) {
    terminated = true;
    output(writer.finish(reason, usage));
    sink.finished(usage, reason);
  }

  /// Ends the answer because of what happened outside of it: a lost connection, a time limit. Once
  /// the finish reason is known the answer counts as complete nevertheless.
  @Override
  public void fail(ApiError error) {
    if (terminated) {
      return;
    }
    if (finishReason != null) {
      complete(finishReason);
      return;
    }
    terminated = true;
    if (outputBegan) {
      sink.output(ByteBufUtil.writeUtf8(allocator, error.toErrorEvent()));
    }
    sink.failed(error);
  }

  @Override
  public void end() {
    if (terminated) {
      return;
    }
    if (finishReason == null) {
      fail(ApiError.badGateway("The engine ended its answer before it was complete."));
    } else {
      complete(finishReason);
    }
  }

  /// Whether `finished` or `failed` has been called.
  public boolean isTerminated() {
    return terminated;
  }

  @Override
  public long deltas() {
    return deltas;
  }
}
