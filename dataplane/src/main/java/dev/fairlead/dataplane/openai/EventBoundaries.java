package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.openai.RelayEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Splits an agent's stream into complete events without copying or parsing those that only carry
/// text: what it looks for is the form that {@link StreamNormaliser} writes, anything else is
/// parsed. Lines end with LF or CRLF. Used by one thread at a time, for one answer; `close` it in
/// the end.
public final class EventBoundaries implements AutoCloseable {

  /// Who takes the events.
  public interface Sink {
    /// Owns one reference to the event's bytes.
    void event(RelayEvent event);

    /// An event is longer than allowed; nothing follows.
    void fail(ApiError error);
  }

  private static final ByteBuf DATA_BEGIN = constant("data: {");
  private static final ByteBuf DATA_END = constant(ChunkText.UNFINISHED + "\n\n");

  private final int maxEventBytes;
  private final ByteBufAllocator allocator;
  private final Sink sink;
  private @Nullable ByteBuf pending;
  private int lineBytes;
  private boolean afterCr;
  private int lines;
  private boolean failed;
  private boolean closed;

  public EventBoundaries(int maxEventBytes, ByteBufAllocator allocator, Sink sink) {
    if (maxEventBytes <= 0) {
      throw new IllegalArgumentException("maxEventBytes is not positive: " + maxEventBytes);
    }
    this.maxEventBytes = maxEventBytes;
    this.allocator = requireNonNull(allocator, "allocator is null");
    this.sink = requireNonNull(sink, "sink is null");
  }

  private static ByteBuf constant(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.wrappedBuffer(text.getBytes(US_ASCII)).asReadOnly());
  }

  /// Reads the readable bytes of the next chunk, which is neither consumed nor released; events
  /// that lie within it are retained slices. The sink may close this in the middle of it.
  public void accept(ByteBuf chunk) {
    int end = chunk.writerIndex();
    int eventStart = chunk.readerIndex();
    int lineStart = eventStart;
    while (!failed && !closed) {
      int feed = lineStart < end ? chunk.indexOf(lineStart, end, (byte) '\n') : -1;
      if (feed < 0) {
        break;
      }
      boolean blank = isBlank(chunk, lineStart, feed);
      lineBytes = 0;
      afterCr = false;
      lineStart = feed + 1;
      if (blank) {
        complete(chunk, eventStart, lineStart - eventStart);
        eventStart = lineStart;
      } else {
        lines++;
      }
    }
    if (!failed && !closed && eventStart < end) {
      if (lineStart < end) {
        afterCr = chunk.getByte(end - 1) == '\r';
        lineBytes += end - lineStart;
      }
      keep(chunk, eventStart, end - eventStart);
    }
  }

  private boolean isBlank(ByteBuf chunk, int lineStart, int feed) {
    int length = lineBytes + feed - lineStart;
    boolean cr = feed > lineStart ? chunk.getByte(feed - 1) == '\r' : afterCr;
    return length == 0 || (length == 1 && cr);
  }

  private boolean isTooLong(int length) {
    int before = pending == null ? 0 : pending.readableBytes();
    if (length <= maxEventBytes - before) {
      return false;
    }
    failed = true;
    release();
    sink.fail(
        ApiError.badGateway(
            "The answer holds an event of more than %d bytes.".formatted(maxEventBytes)));
    return true;
  }

  private void keep(ByteBuf chunk, int from, int length) {
    if (isTooLong(length)) {
      return;
    }
    ByteBuf kept = pending;
    if (kept == null) {
      kept = allocator.buffer(Math.max(512, length));
      pending = kept;
    }
    kept.writeBytes(chunk, from, length);
  }

  private void complete(ByteBuf chunk, int from, int length) {
    if (isTooLong(length)) {
      return;
    }
    int eventLines = lines;
    lines = 0;
    ByteBuf bytes = pending;
    if (bytes == null) {
      bytes = chunk.retainedSlice(from, length);
    } else {
      bytes.writeBytes(chunk, from, length);
      pending = null;
    }
    sink.event(classify(bytes, eventLines));
  }

  private static RelayEvent classify(ByteBuf bytes, int lines) {
    if (lines == 1 && begins(bytes, DATA_BEGIN) && ends(bytes, DATA_END)) {
      return new RelayEvent(Kind.DATA, bytes, Optional.empty(), Optional.empty());
    }
    if (lines == 0 || (lines == 1 && bytes.getByte(bytes.readerIndex()) == ':')) {
      return new RelayEvent(Kind.COMMENT, bytes, Optional.empty(), Optional.empty());
    }
    return RelayEventParser.parse(bytes);
  }

  private static boolean begins(ByteBuf bytes, ByteBuf with) {
    int length = with.readableBytes();
    return bytes.readableBytes() >= length
        && ByteBufUtil.equals(bytes, bytes.readerIndex(), with, 0, length);
  }

  private static boolean ends(ByteBuf bytes, ByteBuf with) {
    int length = with.readableBytes();
    return bytes.readableBytes() >= length
        && ByteBufUtil.equals(bytes, bytes.writerIndex() - length, with, 0, length);
  }

  /// Whether the bytes so far end with a complete event: an own event may be put in here.
  public boolean atBoundary() {
    return pending == null;
  }

  private void release() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  /// Releases the incomplete event that is left, if any; later chunks are ignored.
  @Override
  public void close() {
    closed = true;
    release();
  }
}
