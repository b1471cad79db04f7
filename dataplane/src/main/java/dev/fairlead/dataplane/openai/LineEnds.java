package dev.fairlead.dataplane.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds where lines end, eight bytes at a time. Pure.
final class LineEnds {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;
  private static final long FEEDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long RETURNS = 0x0D0D0D0D0D0D0D0DL;

  private LineEnds() {}

  /// The index of the first line feed from `from` on, -1 when there is none before `to`.
  static int feed(byte[] bytes, int from, int to) {
    int i = from;
    while (i + 32 <= to) {
      long found =
          matches((long) WORD.get(bytes, i), FEEDS)
              | matches((long) WORD.get(bytes, i + 8), FEEDS)
              | matches((long) WORD.get(bytes, i + 16), FEEDS)
              | matches((long) WORD.get(bytes, i + 24), FEEDS);
      if ((found & HIGH_BITS) != 0) {
        break;
      }
      i += 32;
    }
    while (i + 8 <= to) {
      long found = matches((long) WORD.get(bytes, i), FEEDS) & HIGH_BITS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      i += 8;
    }
    while (i < to && bytes[i] != '\n') {
      i++;
    }
    return i < to ? i : -1;
  }

  /// The index of the first line feed or carriage return from `from` on; `to` when there is none
  /// before it.
  static int first(byte[] bytes, int from, int to) {
    int i = from;
    while (i + 8 <= to) {
      long word = (long) WORD.get(bytes, i);
      long found = (matches(word, FEEDS) | matches(word, RETURNS)) & HIGH_BITS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      i += 8;
    }
    while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  /// Sets the high bit of each byte that is in the pattern; a borrow may set those of later bytes
  /// too, so only the lowest one tells where (Warren, Hacker's Delight, 6-1).
  private static long matches(long word, long pattern) {
    long others = word ^ pattern;
    return (others - ONES) & ~others;
  }
}
