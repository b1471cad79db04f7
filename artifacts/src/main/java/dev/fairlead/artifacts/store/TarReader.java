package dev.fairlead.artifacts.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads a tar stream entry by entry: ustar with its prefix field, pax extended headers (`path` and
/// `size`), and GNU long names. Call `next`, then `entry` and `content`. For one thread. Format:
/// POSIX.1-2017, pax, "ustar Interchange Format".
final class TarReader {
  private static final int BLOCK = 512;
  private static final int MAX_EXTENSION_BYTES = 1 << 20;

  enum Kind {
    FILE,
    FOLDER,
    OTHER
  }

  record Entry(String name, Kind kind, long bytes, boolean executable) {}

  /// The stream is not a tar, or is a damaged one.
  static final class BrokenTarException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenTarException(String message) {
      super(message);
    }
  }

  private final InputStream stream;
  private @Nullable Entry entry;
  private long unread;
  private long padding;

  TarReader(InputStream stream) {
    this.stream = stream;
  }

  Entry entry() {
    if (entry == null) {
      throw new IllegalStateException("next was not called, or answered false");
    }
    return entry;
  }

  /// Goes to the next file, folder or other entry; false at the end.
  boolean next() throws IOException {
    Optional<String> longName = Optional.empty();
    OptionalLong longSize = OptionalLong.empty();
    while (true) {
      stream.skipNBytes(unread + padding);
      unread = 0;
      padding = 0;
      byte[] header = stream.readNBytes(BLOCK);
      if (header.length == 0 || isZero(header)) {
        entry = null;
        return false;
      }
      check(header);
      char type = (char) header[156];
      long size = number(header, 124, 12);
      open(size);
      switch (type) {
        case 'L' -> longName = Optional.of(untilZero(extension(size)));
        case 'x' -> {
          String records = new String(extension(size), StandardCharsets.UTF_8);
          longName = record(records, "path");
          Optional<String> size64 = record(records, "size");
          longSize =
              size64.isPresent() ? OptionalLong.of(decimal(size64.get())) : OptionalLong.empty();
        }
        case 'g' -> extension(size);
        default -> {
          open(longSize.orElse(size));
          entry = entry(number(header, 100, 8), type, longName.orElseGet(() -> name(header)));
          return true;
        }
      }
    }
  }

  /// The content of the present entry; it need not be read to its end, nor closed.
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        if (unread == 0) {
          return -1;
        }
        int read = stream.read(buffer, offset, (int) Math.min(length, unread));
        if (read < 0) {
          throw new EOFException("it ends within an entry");
        }
        unread -= read;
        return read;
      }
    };
  }

  private void open(long size) {
    unread = size;
    padding = (BLOCK - size % BLOCK) % BLOCK;
  }

  private Entry entry(long mode, char type, String name) {
    Kind kind =
        switch (type) {
          case '0', '\0', '7' -> name.endsWith("/") ? Kind.FOLDER : Kind.FILE;
          case '5' -> Kind.FOLDER;
          default -> Kind.OTHER;
        };
    boolean executable = (mode & 0100) != 0;
    return new Entry(name, kind, unread, executable);
  }

  private byte[] extension(long size) throws IOException {
    if (size > MAX_EXTENSION_BYTES) {
      throw new BrokenTarException("an extended header of " + size + " bytes");
    }
    byte[] bytes = content().readAllBytes();
    if (bytes.length != size) {
      throw new EOFException("it ends within an extended header");
    }
    return bytes;
  }

  private static void check(byte[] header) throws IOException {
    if (header.length < BLOCK) {
      throw new EOFException("it ends within a header");
    }
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(header, 148, 8)) {
      throw new BrokenTarException("a header has a wrong checksum");
    }
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    boolean ustar = text(header, 257, 6).equals("ustar");
    String prefix = ustar ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /// The value of a key among pax records, each `LENGTH KEY=VALUE\n`.
  private static Optional<String> record(String records, String key) {
    return records
        .lines()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .filter(pair -> pair.startsWith(key + "="))
        .map(pair -> pair.substring(key.length() + 1))
        .findFirst();
  }

  private static long decimal(String text) throws IOException {
    if (!text.matches("[0-9]{1,18}")) {
      throw new BrokenTarException("a size in an extended header is not a number: " + text);
    }
    return Long.parseLong(text);
  }

  private static long number(byte[] header, int offset, int length) throws IOException {
    String digits = text(header, offset, length).strip();
    try {
      long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException notOctal) {
      throw new BrokenTarException("a number in a header is not octal: " + notOctal.getMessage());
    }
    throw new BrokenTarException("a number in a header is negative");
  }

  private static String text(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static String untilZero(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return block.length == BLOCK;
  }
}
