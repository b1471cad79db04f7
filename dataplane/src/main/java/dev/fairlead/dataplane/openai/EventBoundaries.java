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
/// parsed. Such pieces of text as follow one another in a chunk are handed over as one slice. Lines
/// end with LF or CRLF. Used by one thread at a time, for one answer; `close` it in the end.
public final class EventBoundaries implements AutoCloseable {

  /// Who takes the events.
  public interface Sink {
    /// Owns one reference to the bytes of `count` events in a row that are pieces of the answer.
    void pieces(ByteBuf bytes, int count);

    /// Owns one reference to the bytes of any other event, or of a piece that chunks have cut.
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
  private int runStart;
  private int run;
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
      if (!blank) {
        lines++;
        // Most events are one line, whose end is in sight.
        blank = feed + 1 < end && chunk.getByte(feed + 1) == '\n';
        feed += blank ? 1 : 0;
      }
      lineStart = feed + 1;
      if (blank) {
        completed(chunk, eventStart, lineStart);
        eventStart = lineStart;
      }
    }
    if (!failed && !closed) {
      handOverRun(chunk, eventStart);
    }
    if (!failed && !closed && eventStart < end) {
      if (lineStart < end) {
        afterCr = chunk.getByte(end - 1) == '\r';
        lineBytes += end - lineStart;
      }
      keep(chunk, eventStart, end - eventStart);
    }
    run = 0;
  }

  private void completed(ByteBuf chunk, int from, int to) {
    if (pending == null && lines == 1 && to - from <= maxEventBytes && isPiece(chunk, from, to)) {
      runStart = run == 0 ? from : runStart;
      run++;
      lines = 0;
      return;
    }
    handOverRun(chunk, from);
    if (!closed) {
      complete(chunk, from, to - from);
    }
  }

  private void handOverRun(ByteBuf chunk, int to) {
    int count = run;
    if (count > 0) {
      run = 0;
      sink.pieces(chunk.retainedSlice(runStart, to - runStart), count);
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
    if (lines == 1 && isPiece(bytes, bytes.readerIndex(), bytes.writerIndex())) {
      return new RelayEvent(Kind.DATA, bytes, Optional.empty(), Optional.empty());
    }
    if (lines == 0 || (lines == 1 && bytes.getByte(bytes.readerIndex()) == ':')) {
      return new RelayEvent(Kind.COMMENT, bytes, Optional.empty(), Optional.empty());
    }
    return RelayEventParser.parse(bytes);
  }

  private static boolean isPiece(ByteBuf bytes, int from, int to) {
    int begin = DATA_BEGIN.readableBytes();
    int end = DATA_END.readableBytes();
    return to - from >= begin + end
        && ByteBufUtil.equals(bytes, to - end, DATA_END, 0, end)
        && ByteBufUtil.equals(bytes, from, DATA_BEGIN, 0, begin);
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
