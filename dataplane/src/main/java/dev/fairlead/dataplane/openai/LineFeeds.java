package dev.fairlead.dataplane.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds where lines end, eight bytes at a time. Pure.
final class LineFeeds {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;
  private static final long FEEDS = 0x0A0A0A0A0A0A0A0AL;

  private LineFeeds() {}

  /// The index of the first line feed from `from` on, -1 when there is none before `to`.
  static int first(byte[] bytes, int from, int to) {
    int i = from;
    while (i + 32 <= to) {
      long feeds =
          feeds((long) WORD.get(bytes, i))
              | feeds((long) WORD.get(bytes, i + 8))
              | feeds((long) WORD.get(bytes, i + 16))
              | feeds((long) WORD.get(bytes, i + 24));
      if ((feeds & HIGH_BITS) != 0) {
        break;
      }
      i += 32;
    }
    while (i + 8 <= to) {
      long feeds = feeds((long) WORD.get(bytes, i)) & HIGH_BITS;
      if (feeds != 0) {
        return i + (Long.numberOfTrailingZeros(feeds) >>> 3);
      }
      i += 8;
    }
    while (i < to && bytes[i] != '\n') {
      i++;
    }
    return i < to ? i : -1;
  }

  /// Sets the high bit of each byte that is a line feed; a borrow may set those of later bytes too,
  /// so only the lowest one tells where (Warren, Hacker's Delight, 6-1).
  private static long feeds(long word) {
    long others = word ^ FEEDS;
    return (others - ONES) & ~others;
  }
}
