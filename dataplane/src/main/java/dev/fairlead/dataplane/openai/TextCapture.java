package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/// Keeps the text of one JSON string at a time, if it is wanted and short, hands it on if it is a
/// prompt's, and counts its bytes in any case.
final class TextCapture {
  static final int LONGEST = 512;

  private final byte[] kept = new byte[LONGEST];
  private int keptBytes;
  private boolean keeping;
  private int bytes;
  private @Nullable PromptLane prompt;

  /// Whether the text goes anywhere: most of a long one does not.
  private boolean taking;

  /// @param into gets the text too, as far as it takes any
  void begin(boolean wanted, @Nullable PromptLane into) {
    keeping = wanted;
    prompt = into;
    taking = wanted || into != null;
    keptBytes = 0;
    bytes = 0;
  }

  void add(byte[] source, int from, int to) {
    bytes += to - from;
    if (taking) {
      take(source, from, to);
    }
  }

  void add(int b) {
    bytes++;
    if (taking) {
      take(b);
    }
  }

  private void take(byte[] source, int from, int to) {
    if (prompt != null && !prompt.add(source, from, to)) {
      prompt = null;
    }
    int length = to - from;
    if (keeping && keptBytes + length > LONGEST) {
      keeping = false;
    } else if (keeping) {
      System.arraycopy(source, from, kept, keptBytes, length);
      keptBytes += length;
    }
    taking = keeping || prompt != null;
  }

  private void take(int b) {
    if (prompt != null && !prompt.add(b)) {
      prompt = null;
    }
    if (keeping && keptBytes == LONGEST) {
      keeping = false;
    } else if (keeping) {
      kept[keptBytes++] = (byte) b;
    }
    taking = keeping || prompt != null;
  }

  void addCodePoint(int point) {
    if (point < 0x80) {
      add(point);
    } else if (point < 0x800) {
      add(0xC0 | (point >> 6));
      continuation(point);
    } else if (point < 0x10000) {
      add(0xE0 | (point >> 12));
      continuation(point >> 6);
      continuation(point);
    } else {
      add(0xF0 | (point >> 18));
      continuation(point >> 12);
      continuation(point >> 6);
      continuation(point);
    }
  }

  private void continuation(int bits) {
    add(0x80 | (bits & 0x3F));
  }

  /// How long the text is in UTF-8, without escapes.
  int bytes() {
    return bytes;
  }

  /// The text; null when it was not wanted or is too long.
  @Nullable String text() {
    return keeping ? new String(kept, 0, keptBytes, UTF_8) : null;
  }
}
