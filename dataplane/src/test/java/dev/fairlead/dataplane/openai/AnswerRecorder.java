package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A client's side of an {@link AnswerNormaliser}, and an engine's that sends it a stream.
final class AnswerRecorder implements StreamNormaliser.Sink {
  static final String MODEL = "served";

  private final UnpooledByteBufAllocator allocator = Wire.countingAllocator();
  private final StringBuilder output = new StringBuilder();
  private final AnswerNormaliser normaliser;
  private int firstTokens;
  private int ends;
  private Optional<Usage> usage = Optional.empty();
  private @Nullable String finishReason;
  private @Nullable ApiError error;

  AnswerRecorder(EndpointKind kind, StreamNormaliser.Form form) {
    AnswerIdentity identity = new AnswerIdentity(kind, MODEL, "chatcmpl-1", 42);
    normaliser = AnswerNormaliser.create(identity, form, allocator, this);
  }

  /// What comes out of a chat as events, usage asked for, when the engine sends this and ends.
  static AnswerRecorder chat(String stream) {
    AnswerRecorder recorder =
        new AnswerRecorder(EndpointKind.CHAT, StreamNormaliser.Form.EVENTS_WITH_USAGE);
    recorder.send(stream);
    return recorder;
  }

  static AnswerRecorder whole(EndpointKind kind, String stream) {
    AnswerRecorder recorder = new AnswerRecorder(kind, StreamNormaliser.Form.WHOLE);
    recorder.send(stream);
    return recorder;
  }

  void send(String stream) {
    SseReader reader = new SseReader(1 << 20, normaliser);
    for (ByteBuf chunk : Wire.chunks(stream.getBytes(UTF_8), 50, new Random(stream.hashCode()))) {
      reader.accept(chunk);
      chunk.release();
    }
    reader.end();
  }

  AnswerNormaliser normaliser() {
    return normaliser;
  }

  @Override
  public void firstToken() {
    firstTokens++;
  }

  @Override
  public void output(ByteBuf bytes) {
    output.append(bytes.toString(UTF_8));
    bytes.release();
  }

  @Override
  public void finished(Optional<Usage> told, String reason) {
    ends++;
    usage = told;
    finishReason = reason;
  }

  @Override
  public void failed(ApiError told) {
    ends++;
    error = told;
  }

  String output() {
    return output.toString();
  }

  int firstTokens() {
    return firstTokens;
  }

  /// How often an end was told, which is to be once.
  int ends() {
    return ends;
  }

  long notReleased() {
    return Wire.notReleased(allocator);
  }

  Optional<Usage> usage() {
    return usage;
  }

  Optional<String> finishReason() {
    return Optional.ofNullable(finishReason);
  }

  ApiError error() {
    return Objects.requireNonNull(error, "it did not fail");
  }
}
