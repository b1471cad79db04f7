package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/// The framing of the chunked coding (RFC 9112, section 7.1), written around bytes that are in a
/// buffer already, so that a chunk is one piece of memory. Pure but for the buffers.
final class ChunkFrame {
  /// What a frame adds to a chunk at most: eight digits and two line ends.
  static final int BYTES = 12;

  private static final int SIZE_BYTES = 10;
  private static final int CR_LF = '\r' << 8 | '\n';
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] LAST = "0\r\n\r\n".getBytes(US_ASCII);
  private static final ByteBuf LAST_CHUNK = constant(LAST);
  private static final ByteBuf LINE_END = constant("\r\n".getBytes(US_ASCII));

  private ChunkFrame() {}

  private static ByteBuf constant(byte[] bytes) {
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
  }

  /// Prepares an empty buffer for the bytes of one chunk; without `chunked` there is no frame.
  static void open(ByteBuf empty, boolean chunked) {
    if (chunked) {
      empty.setIndex(SIZE_BYTES, SIZE_BYTES);
    }
  }

  /// Puts the frame around what the buffer holds, which is not nothing.
  static void close(ByteBuf chunk, boolean chunked) {
    if (chunked) {
      int size = chunk.readableBytes();
      int at = chunk.readerIndex() - 2;
      chunk.setShort(at, CR_LF);
      for (int rest = size; rest != 0; rest >>>= 4) {
        at--;
        chunk.setByte(at, HEX[rest & 0xF]);
      }
      chunk.readerIndex(at);
      chunk.writeShort(CR_LF);
    }
  }

  /// What stands before a chunk of `size` bytes that stays where it is.
  static ByteBuf before(ByteBufAllocator allocator, int size) {
    ByteBuf out = allocator.buffer(SIZE_BYTES);
    int shift = 28;
    while (size >>> shift == 0) {
      shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
      out.writeByte(HEX[size >>> shift & 0xF]);
    }
    return out.writeShort(CR_LF);
  }

  /// What stands behind it.
  static ByteBuf after() {
    return LINE_END.duplicate();
  }

  /// The end of a message.
  static ByteBuf last() {
    return LAST_CHUNK.duplicate();
  }

  /// The end of a message behind its last chunk.
  static ByteBuf last(ByteBuf chunk) {
    return chunk.writeBytes(LAST);
  }
}
