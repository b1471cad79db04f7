package dev.fairlead.dataplane.openai;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/// A place on the heap into which bytes of buffers are copied to be looked at: the buffers' own
/// methods check each access, and take twice as long. One for a thread and a purpose, for a new one
/// each time would be most of the garbage; so what is in it counts only until its owner returns.
final class Scratch {
  /// As much as one read brings, nearly always.
  static final int BYTES = 32 << 10;

  private final FastThreadLocal<byte[]> bytes =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[BYTES];
        }
      };

  /// Who looks at a part.
  interface Reader {
    /// `length` bytes of the chunk from its index `base` on, which `bytes` begins with.
    void read(byte[] bytes, int length, int base);
  }

  /// Shows the readable bytes, at most {@link #BYTES} at a time; the chunk stays as it is.
  void forEachPart(ByteBuf chunk, Reader reader) {
    byte[] copy = bytes.get();
    int end = chunk.writerIndex();
    for (int from = chunk.readerIndex(); from < end; from += BYTES) {
      int length = Math.min(BYTES, end - from);
      chunk.getBytes(from, copy, 0, length);
      reader.read(copy, length, from);
    }
  }
}
