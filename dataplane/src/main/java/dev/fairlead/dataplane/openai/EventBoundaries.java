package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.openai.RelayEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
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

  private static final byte[] DATA_BEGIN = "data: {".getBytes(US_ASCII);
  private static final byte[] DATA_END = (ChunkText.UNFINISHED + "\n\n").getBytes(US_ASCII);

  private static final Scratch SCRATCH = new Scratch();

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

  /// Reads the readable bytes of the next chunk, which is neither consumed nor released; events
  /// that lie within it are retained slices. The sink may close this in the middle of it.
  public void accept(ByteBuf chunk) {
    SCRATCH.forEachPart(
        chunk, (bytes, length, base) -> accept(new Part(chunk, base, bytes, length)));
  }

  /// What is looked at now: `length` bytes of the chunk from `base` on, which `bytes` begins with.
  private static final class Part {
    private final ByteBuf chunk;
    private final int base;
    private final byte[] bytes;
    private final int length;

    Part(ByteBuf chunk, int base, byte[] bytes, int length) {
      this.chunk = chunk;
      this.base = base;
      this.bytes = bytes;
      this.length = length;
    }

    ByteBuf slice(int from, int to) {
      return chunk.retainedSlice(base + from, to - from);
    }
  }

  private void accept(Part part) {
    byte[] bytes = part.bytes;
    int end = part.length;
    int eventStart = 0;
    int lineStart = 0;
    while (!failed && !closed) {
      int feed = LineEnds.feed(bytes, lineStart, end);
      if (feed < 0) {
        break;
      }
      boolean blank = isBlank(bytes, lineStart, feed);
      lineBytes = 0;
      afterCr = false;
      if (!blank) {
        lines++;
        // Most events are one line, whose end is in sight.
        blank = feed + 1 < end && bytes[feed + 1] == '\n';
        feed += blank ? 1 : 0;
      }
      lineStart = feed + 1;
      if (blank) {
        completed(part, eventStart, lineStart);
        eventStart = lineStart;
      }
    }
    if (!failed && !closed) {
      handOverRun(part, eventStart);
    }
    if (!failed && !closed && eventStart < end) {
      if (lineStart < end) {
        afterCr = bytes[end - 1] == '\r';
        lineBytes += end - lineStart;
      }
      keep(part, eventStart, end);
    }
    run = 0;
  }

  private void completed(Part part, int from, int to) {
    if (pending == null
        && lines == 1
        && to - from <= maxEventBytes
        && isPiece(part.bytes, from, to)) {
      runStart = run == 0 ? from : runStart;
      run++;
      lines = 0;
      return;
    }
    handOverRun(part, from);
    if (!closed) {
      complete(part, from, to);
    }
  }

  private void handOverRun(Part part, int to) {
    int count = run;
    if (count > 0) {
      run = 0;
      sink.pieces(part.slice(runStart, to), count);
    }
  }

  private boolean isBlank(byte[] bytes, int lineStart, int feed) {
    int length = lineBytes + feed - lineStart;
    boolean cr = feed > lineStart ? bytes[feed - 1] == '\r' : afterCr;
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

  private void keep(Part part, int from, int to) {
    int length = to - from;
    if (isTooLong(length)) {
      return;
    }
    ByteBuf kept = pending;
    if (kept == null) {
      kept = allocator.buffer(Math.max(512, length));
      pending = kept;
    }
    kept.writeBytes(part.bytes, from, length);
  }

  private void complete(Part part, int from, int to) {
    if (isTooLong(to - from)) {
      return;
    }
    int eventLines = lines;
    lines = 0;
    ByteBuf bytes = pending;
    if (bytes == null) {
      bytes = part.slice(from, to);
    } else {
      bytes.writeBytes(part.bytes, from, to - from);
      pending = null;
    }
    sink.event(classify(bytes, eventLines));
  }

  private static RelayEvent classify(ByteBuf bytes, int lines) {
    if (lines == 1 && isPiece(bytes)) {
      return new RelayEvent(Kind.DATA, bytes, Optional.empty(), Optional.empty());
    }
    if (lines == 0 || (lines == 1 && bytes.getByte(bytes.readerIndex()) == ':')) {
      return new RelayEvent(Kind.COMMENT, bytes, Optional.empty(), Optional.empty());
    }
    return RelayEventParser.parse(bytes);
  }

  private static boolean isPiece(byte[] bytes, int from, int to) {
    int begin = DATA_BEGIN.length;
    int end = DATA_END.length;
    return to - from >= begin + end
        && Arrays.equals(bytes, to - end, to, DATA_END, 0, end)
        && Arrays.equals(bytes, from, from + begin, DATA_BEGIN, 0, begin);
  }

  /// The same of an event by itself.
  private static boolean isPiece(ByteBuf event) {
    byte[] bytes = ByteBufUtil.getBytes(event);
    return isPiece(bytes, 0, bytes.length);
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
