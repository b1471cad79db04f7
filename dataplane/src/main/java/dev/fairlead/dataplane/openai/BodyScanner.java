package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Reads what the gateway must know out of a request body while it arrives, in one pass and without
/// keeping any of it: the caller keeps the chunks for the {@link Splice}. Used by one thread at a
/// time, for one body.
public final class BodyScanner {
  public BodyScanner(EndpointKind kind, ScanLimits limits) {}

  /// Scans the readable bytes of the next chunk, which is neither consumed nor released. Returns
  /// the refusal as soon as there is one; later chunks are then ignored.
  public Optional<ApiError> accept(ByteBuf chunk) {
    return Json.pending();
  }

  /// The result, once the whole body has been accepted.
  public Scan finish() {
    return Json.pending();
  }
}
