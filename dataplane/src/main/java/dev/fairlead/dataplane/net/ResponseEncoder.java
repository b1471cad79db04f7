package dev.fairlead.dataplane.net;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Writes answers, without their body when they answer HEAD. Confined to its event loop.
final class ResponseEncoder extends HttpResponseEncoder {
  private boolean answersHead;

  /// Says what the next answer is for.
  void answersHead(boolean head) {
    answersHead = head;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse msg) {
    return answersHead || super.isContentAlwaysEmpty(msg);
  }
}
