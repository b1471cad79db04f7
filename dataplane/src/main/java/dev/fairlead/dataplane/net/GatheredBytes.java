package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// Keeps the parts of a body without copying them. Most bodies come in one part, and stay one: a
/// composite buffer costs more to make, and every later read of it has to look for its part.
/// Confined to one thread; `release` it in the end.
public final class GatheredBytes {
  /// Beyond that the parts are copied together.
  private static final int MAX_PARTS = 4_096;

  private @Nullable ByteBuf bytes;

  /// Keeps a part. Its indices must not move any more; its reference stays the caller's.
  public void add(ByteBuf part) {
    ByteBuf before = bytes;
    if (before == null) {
      bytes = part.retain();
    } else if (before instanceof CompositeByteBuf parts) {
      parts.addComponent(true, part.retain());
    } else {
      bytes =
          ByteBufAllocator.DEFAULT
              .compositeBuffer(MAX_PARTS)
              .addComponent(true, before)
              .addComponent(true, part.retain());
    }
  }

  /// All parts so far, which stay this object's.
  public ByteBuf bytes() {
    return bytes == null ? Unpooled.EMPTY_BUFFER : bytes;
  }

  public int length() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /// Lets go of what is kept; it is empty then.
  public void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }
}
