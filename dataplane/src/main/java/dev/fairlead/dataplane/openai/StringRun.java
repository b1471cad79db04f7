package dev.fairlead.dataplane.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Skips what is unremarkable within a JSON string: plain ASCII eight bytes at a time, escapes of
/// two bytes, and whole characters of UTF-8. What a piece cuts, escapes by number and errors are
/// left to the {@link JsonScanner}, which sees every byte. Pure but for the text it hands over.
final class StringRun {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;
  private static final long SPACES = 0x2020202020202020L;
  private static final long QUOTES = 0x2222222222222222L;
  private static final long BACKSLASHES = 0x5C5C5C5C5C5C5C5CL;

  private StringRun() {}

  /// Hands the text of the string from `from` on to `text`; returns the first byte that is not part
  /// of it: the quote, one that needs a closer look, or `to`.
  static int skip(byte[] bytes, int from, int to, TextCapture text) {
    int run = from;
    int i = from;
    while (true) {
      i = endOfPlain(bytes, i, to);
      if (i == to) {
        break;
      }
      byte b = bytes[i];
      if (b < 0) {
        int length = characterLength(bytes, i, to);
        if (length == 0) {
          break;
        }
        i += length;
      } else if (b == '\\' && i + 1 < to) {
        int meant = escaped(bytes[i + 1]);
        if (meant < 0) {
          break;
        }
        text.add(bytes, run, i);
        text.add(meant);
        i += 2;
        run = i;
      } else {
        break;
      }
    }
    text.add(bytes, run, i);
    return i;
  }

  private static int endOfPlain(byte[] bytes, int from, int to) {
    int i = from;
    while (i + 32 <= to) {
      long special =
          special((long) WORD.get(bytes, i))
              | special((long) WORD.get(bytes, i + 8))
              | special((long) WORD.get(bytes, i + 16))
              | special((long) WORD.get(bytes, i + 24));
      if ((special & HIGH_BITS) != 0) {
        break;
      }
      i += 32;
    }
    while (i + 8 <= to) {
      long special = special((long) WORD.get(bytes, i)) & HIGH_BITS;
      if (special != 0) {
        return i + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      i += 8;
    }
    while (i < to && isPlain(bytes[i])) {
      i++;
    }
    return i;
  }

  private static boolean isPlain(byte b) {
    return b >= 0x20 && b != '"' && b != '\\';
  }

  /// Sets the high bit of each byte that is no plain ASCII: above 0x7F itself, below a space, a
  /// quote or a backslash. A borrow may set those of later bytes too, so only the lowest one tells
  /// where (Warren, Hacker's Delight, 6-1).
  private static long special(long word) {
    return word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES);
  }

  /// What an escape of two bytes means; -1 for all others.
  private static int escaped(byte b) {
    return switch (b) {
      case '"', '\\', '/' -> b;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> -1;
    };
  }

  /// How long the character beyond ASCII at `i` is; 0 when it is not well-formed or not all there
  /// (Unicode 16, table 3-7).
  private static int characterLength(byte[] bytes, int i, int to) {
    int lead = bytes[i] & 0xFF;
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (i + length > to || bytes[i + 1] >= (byte) 0xC0) {
      return 0;
    }
    for (int k = 2; k < length; k++) {
      if (bytes[i + k] >= (byte) 0xC0) {
        return 0;
      }
    }
    int second = bytes[i + 1] & 0xFF;
    return switch (lead) {
      case 0xE0 -> second >= 0xA0 ? length : 0;
      case 0xED -> second <= 0x9F ? length : 0;
      case 0xF0 -> second >= 0x90 ? length : 0;
      case 0xF4 -> second <= 0x8F ? length : 0;
      default -> length;
    };
  }
}
