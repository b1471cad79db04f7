package dev.fairlead.dataplane.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

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

  /// Brings the lowest bits of eight bytes together in the highest byte.
  private static final long GATHER = 0x0102040810204080L;

  private static final byte[] ESCAPED = escapes();

  private StringRun() {}

  private static byte[] escapes() {
    byte[] meant = new byte[128];
    Arrays.fill(meant, (byte) -1);
    String letters = "\"\\/bfnrt";
    String meanings = "\"\\/\b\f\n\r\t";
    for (int i = 0; i < letters.length(); i++) {
      meant[letters.charAt(i)] = (byte) meanings.charAt(i);
    }
    return meant;
  }

  /// Hands the text of the string from `from` on to `text`; returns the first byte that is not part
  /// of it: the quote, one that needs a closer look, or `to`.
  static int skip(byte[] bytes, int from, int to, TextCapture text) {
    int run = from;
    int i = endOfPlain(bytes, from, to);
    while (i < to) {
      byte b = bytes[i];
      if (b < 0) {
        int end = endOfCharacters(bytes, i, to);
        if (end < to && bytes[end] < 0) {
          i = end;
          break;
        }
        i = end;
      } else if (b == '\\' && i + 1 < to && escaped(bytes[i + 1]) >= 0) {
        text.add(bytes, run, i);
        text.add(escaped(bytes[i + 1]));
        i += 2;
        run = i;
      } else {
        break;
      }
      i = endOfPlain(bytes, i, to);
    }
    text.add(bytes, run, i);
    return i;
  }

  private static int endOfPlain(byte[] bytes, int from, int to) {
    int i = from;
    while (i + 32 <= to) {
      long first = special((long) WORD.get(bytes, i));
      long second = special((long) WORD.get(bytes, i + 8));
      long third = special((long) WORD.get(bytes, i + 16));
      long fourth = special((long) WORD.get(bytes, i + 24));
      if (((first | second | third | fourth) & HIGH_BITS) != 0) {
        // One number of 32 bits says where, without a branch that is guessed wrong each time.
        int where = marks(first) | marks(second) << 8 | marks(third) << 16 | marks(fourth) << 24;
        return i + Integer.numberOfTrailingZeros(where);
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

  /// The high bits of eight bytes, one beside the other.
  private static int marks(long word) {
    return (int) ((((word & HIGH_BITS) >>> 7) * GATHER) >>> 56);
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
    return b < 0 ? -1 : ESCAPED[b];
  }

  /// Skips characters beyond ASCII in a row; where it ends, one that is not well-formed may begin.
  private static int endOfCharacters(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] < 0) {
      int length = characterLength(bytes, i, to);
      if (length == 0) {
        break;
      }
      i += length;
    }
    return i;
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
