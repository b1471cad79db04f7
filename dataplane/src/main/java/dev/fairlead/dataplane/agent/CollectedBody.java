package dev.fairlead.dataplane.agent;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/// Holds the parts of a body up to a limit, without copying them. Confined to one thread.
final class CollectedBody {
  private final int maxBytes;
  private final CompositeByteBuf parts = Unpooled.compositeBuffer(Integer.MAX_VALUE);
  private boolean released;

  CollectedBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Keeps a part; returns false, and keeps nothing of it, when that would be too much.
  boolean add(ByteBuf part) {
    if (released || part.readableBytes() > maxBytes - parts.readableBytes()) {
      return false;
    }
    parts.addComponent(true, part.retainedSlice());
    return true;
  }

  /// What was kept so far, borrowed.
  ByteBuf bytes() {
    return parts;
  }

  void release() {
    if (!released) {
      released = true;
      parts.release();
    }
  }
}
