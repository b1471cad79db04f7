package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;

/// Makes the body for the engine out of the client's by small inserts between slices of it; nothing
/// is parsed or serialised again.
public final class Splice {
  private Splice() {}

  /// The body for an engine that knows the model as `engineModel`: a stream with usage (chat and
  /// completion), or floats (embedding). The result holds own references to `body`, whose indices
  /// and reference stay the caller's; the caller releases both.
  public static ByteBuf forEngine(ByteBuf body, ScannedRequest request, String engineModel) {
    return Json.pending();
  }
}
