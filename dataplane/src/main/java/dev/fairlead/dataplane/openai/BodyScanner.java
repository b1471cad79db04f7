package dev.fairlead.dataplane.openai;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what the gateway must know out of a request body while it arrives, in one pass and without
/// keeping any of it: the caller keeps the chunks for the {@link Splice}. Used by one thread at a
/// time, for one body.
public final class BodyScanner {
  private static final Scratch SCRATCH = new Scratch();

  private final ScanLimits limits;
  private final RequestReader reader;
  private final PromptReader prompt;
  private final JsonScanner json;
  private @Nullable ApiError refusal;

  public BodyScanner(EndpointKind kind, ScanLimits limits) {
    this.limits = requireNonNull(limits, "limits is null");
    this.reader = new RequestReader(requireNonNull(kind, "kind is null"), limits);
    this.prompt = new PromptReader(kind, reader);
    this.json = new JsonScanner(prompt, limits.depth(), limits.stringBytes());
  }

  /// Scans the readable bytes of the next chunk, which is neither consumed nor released. Returns
  /// the refusal as soon as there is one; later chunks are then ignored.
  public Optional<ApiError> accept(ByteBuf chunk) {
    if (refusal != null) {
      return Optional.of(refusal);
    }
    int length = chunk.readableBytes();
    if (length > limits.bodyBytes() - json.offset()) {
      refusal =
          ApiError.tooLarge(
              "The body is longer than the %d bytes that are allowed."
                  .formatted(limits.bodyBytes()));
      return Optional.of(refusal);
    }
    try {
      scan(chunk, length);
    } catch (Refusal e) {
      refusal = e.error();
    }
    return Optional.ofNullable(refusal);
  }

  private void scan(ByteBuf chunk, int length) {
    if (chunk.hasArray()) {
      int from = chunk.arrayOffset() + chunk.readerIndex();
      json.accept(chunk.array(), from, from + length);
      return;
    }
    SCRATCH.forEachPart(chunk, (bytes, partLength, _) -> json.accept(bytes, 0, partLength));
  }

  /// The result, once the whole body has been accepted.
  public Scan finish() {
    if (refusal != null) {
      return new Scan.Refused(refusal);
    }
    try {
      json.finish();
      return reader.result(json.offset(), prompt.blocks());
    } catch (Refusal e) {
      return new Scan.Refused(e.error());
    }
  }
}
