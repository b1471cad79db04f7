package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/// Splits what an engine sends into events, whatever its line ends and chunks (WHATWG HTML, 9.2.6).
/// Comments, ids and retry times are dropped. Used by one thread at a time, for one answer.
public final class SseReader {

  /// Who takes the events.
  public interface Sink {
    void accept(SseEvent event);

    /// The stream cannot be read any further; nothing follows.
    void fail(ApiError error);

    /// The stream has ended, by itself; nothing follows.
    void end();
  }

  private static final Scratch SCRATCH = new Scratch();
  private static final String UNNAMED = "message";
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int maxEventBytes;
  private final Sink sink;
  private final Lines lines = new Lines();
  private byte[] data = new byte[1024];
  private int dataLength;
  private boolean hasData;
  private String name = UNNAMED;
  private boolean ended;

  public SseReader(int maxEventBytes, Sink sink) {
    if (maxEventBytes <= 0) {
      throw new IllegalArgumentException("maxEventBytes is not positive: " + maxEventBytes);
    }
    this.maxEventBytes = maxEventBytes;
    this.sink = requireNonNull(sink, "sink is null");
  }

  /// Reads the readable bytes of the next chunk, which is neither consumed nor released.
  public void accept(ByteBuf chunk) {
    SCRATCH.forEachPart(chunk, (bytes, length, _) -> lines.accept(bytes, length));
  }

  /// The engine has ended its answer. An event without its blank line is dropped.
  public void end() {
    if (!ended) {
      ended = true;
      sink.end();
    }
  }

  /// Gathers the bytes of one line; a CR, an LF and the two together end it.
  private final class Lines {
    private byte[] line = new byte[1024];
    private int length;
    private boolean afterCr;
    private boolean first = true;

    void accept(byte[] bytes, int to) {
      int from = 0;
      while (from < to && !ended) {
        int end = LineEnds.first(bytes, from, to);
        add(bytes, from, end);
        if (end == to || ended) {
          return;
        }
        if (bytes[end] == '\r' || !afterCr) {
          complete();
        }
        afterCr = bytes[end] == '\r';
        from = end + 1;
      }
    }

    private void complete() {
      int from = first && beginsWithMark() ? BYTE_ORDER_MARK.length : 0;
      first = false;
      field(line, from, length);
      length = 0;
    }

    private boolean beginsWithMark() {
      int marks = BYTE_ORDER_MARK.length;
      return length >= marks && Arrays.equals(line, 0, marks, BYTE_ORDER_MARK, 0, marks);
    }

    private void add(byte[] bytes, int from, int to) {
      int more = to - from;
      if (more == 0) {
        return;
      }
      afterCr = false;
      if (more > maxEventBytes - dataLength - length) {
        ended = true;
        sink.fail(
            ApiError.badGateway(
                "The engine sent an event of more than %d bytes.".formatted(maxEventBytes)));
        return;
      }
      if (length + more > line.length) {
        line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
      }
      System.arraycopy(bytes, from, line, length, more);
      length += more;
    }
  }

  private void field(byte[] line, int from, int to) {
    if (from == to) {
      dispatch();
      return;
    }
    int colon = from;
    while (colon < to && line[colon] != ':') {
      colon++;
    }
    int value = Math.min(to, colon + 1);
    if (value < to && line[value] == ' ') {
      value++;
    }
    int keyLength = colon - from;
    if (keyLength == 4 && is(line, from, "data")) {
      append(line, value, to);
    } else if (keyLength == 5 && is(line, from, "event")) {
      name = value == to ? UNNAMED : new String(line, value, to - value, UTF_8);
    }
  }

  private static boolean is(byte[] line, int from, String key) {
    for (int i = 0; i < key.length(); i++) {
      if (line[from + i] != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void append(byte[] line, int from, int to) {
    int separator = hasData ? 1 : 0;
    int needed = dataLength + separator + to - from;
    if (needed > data.length) {
      data = Arrays.copyOf(data, Math.max(needed, 2 * data.length));
    }
    if (hasData) {
      data[dataLength] = '\n';
    }
    System.arraycopy(line, from, data, dataLength + separator, to - from);
    dataLength = needed;
    hasData = true;
  }

  private void dispatch() {
    if (hasData) {
      SseEvent event = new SseEvent(name, Unpooled.wrappedBuffer(data, 0, dataLength));
      dataLength = 0;
      hasData = false;
      sink.accept(event);
    }
    name = UNNAMED;
  }
}
