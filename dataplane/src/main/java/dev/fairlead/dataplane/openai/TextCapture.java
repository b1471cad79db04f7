package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/// Keeps the text of one JSON string at a time, if it is wanted and short, and counts its bytes in
/// any case.
final class TextCapture {
  static final int LONGEST = 512;

  private final byte[] kept = new byte[LONGEST];
  private int keptBytes;
  private boolean keeping;
  private int bytes;

  void begin(boolean wanted) {
    keeping = wanted;
    keptBytes = 0;
    bytes = 0;
  }

  void add(byte[] source, int from, int to) {
    int length = to - from;
    bytes += length;
    if (!keeping) {
      return;
    }
    if (keptBytes + length > LONGEST) {
      keeping = false;
    } else {
      System.arraycopy(source, from, kept, keptBytes, length);
      keptBytes += length;
    }
  }

  void add(int b) {
    bytes++;
    if (!keeping) {
      return;
    }
    if (keptBytes == LONGEST) {
      keeping = false;
    } else {
      kept[keptBytes++] = (byte) b;
    }
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
