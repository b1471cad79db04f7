package dev.fairlead.artifacts.inspect;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Reads the little-endian fields of a GGUF header in order. Nothing is allocated or skipped before
/// it is known to lie within the file: what does not is `TRUNCATED`. For one thread.
final class GgufInput implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final long length;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long bufferStart;

  GgufInput(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.length = channel.size();
  }

  long length() {
    return length;
  }

  long position() {
    return bufferStart + buffer.position();
  }

  long remaining() {
    return length - position();
  }

  byte i8() throws IOException {
    return need(1).get();
  }

  short i16() throws IOException {
    return need(2).getShort();
  }

  int i32() throws IOException {
    return need(4).getInt();
  }

  long i64() throws IOException {
    return need(8).getLong();
  }

  float f32() throws IOException {
    return need(4).getFloat();
  }

  double f64() throws IOException {
    return need(8).getDouble();
  }

  /// A string with its 64-bit length, of at most `maxBytes`; `what` names it in failures.
  String string(long maxBytes, String what) throws IOException {
    long bytes = i64();
    if (bytes < 0 || bytes > maxBytes) {
      throw corrupt("%s has %s bytes".formatted(what, Long.toUnsignedString(bytes)));
    }
    require(bytes);
    byte[] text = new byte[(int) bytes];
    int done = 0;
    while (done < text.length) {
      int part = Math.min(text.length - done, buffer.capacity());
      need(part).get(text, done, part);
      done += part;
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  void skip(long bytes) throws IOException {
    require(bytes);
    if (bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
      return;
    }
    bufferStart = position() + bytes;
    buffer.limit(0);
  }

  /// Refuses a number of things that could not fit into the rest of the file.
  long count(long count, long leastBytesEach, String what) {
    if (count < 0 || count > remaining() / leastBytesEach) {
      throw corrupt("it announces %s %s".formatted(Long.toUnsignedString(count), what));
    }
    return count;
  }

  ArtifactException corrupt(String why) {
    return new ArtifactException(
        Category.CORRUPT,
        "%s is damaged: %s, near byte %,d; fetch it again".formatted(file, why, position()));
  }

  private void require(long bytes) {
    if (bytes < 0 || bytes > remaining()) {
      throw new ArtifactException(
          Category.TRUNCATED,
          "%s is cut short: its header goes on past byte %,d, where the file of %,d bytes ends; fetch it again"
              .formatted(file, position(), length));
    }
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      require(bytes);
      bufferStart = position();
      buffer.clear();
      while (buffer.position() < bytes) {
        if (channel.read(buffer, bufferStart + buffer.position()) < 0) {
          throw new IOException("the file shrank while it was read");
        }
      }
      buffer.flip();
    }
    return buffer;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
