package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;

/// Tells the client why an engine refused its request, in OpenAI's words and never in the engine's
/// own, which may quote the prompt or be a page of HTML.
public final class EngineErrors {
  private EngineErrors() {}

  /// The error for an engine's answer with a status other than 200. `body` (what was read of it, 64
  /// KiB are plenty) stays the caller's.
  public static ApiError from(EndpointKind kind, String model, int status, ByteBuf body) {
    return Json.pending();
  }
}
