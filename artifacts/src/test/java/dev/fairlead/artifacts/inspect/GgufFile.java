package dev.fairlead.artifacts.inspect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes small GGUF files for tests, sound ones and ones with any single field wrong. Fields are
/// written in the order of the calls; the counts in the header are those announced.
final class GgufFile {
  static final int U32 = 4;
  static final int STRING = 8;
  static final int ARRAY = 9;
  static final int F32 = 0;

  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private String magic = "GGUF";
  private int version = 3;
  private long pairCount;
  private long tensorCount;
  private long dataBytes;
  private int alignment = 32;

  /// A llama model with 2 layers, 4 heads of 16 (2 for keys and values) and one tensor of 64
  /// weights.
  static GgufFile llama() {
    return new GgufFile()
        .text("general.architecture", "llama")
        .u32("llama.context_length", 8192)
        .u32("llama.block_count", 2)
        .u32("llama.embedding_length", 64)
        .u32("llama.attention.head_count", 4)
        .u32("llama.attention.head_count_kv", 2);
  }

  GgufFile magic(String letters) {
    magic = letters;
    return this;
  }

  GgufFile version(int number) {
    version = number;
    return this;
  }

  GgufFile announcePairs(long count) {
    pairCount = count;
    return this;
  }

  GgufFile announceTensors(long count) {
    tensorCount = count;
    return this;
  }

  GgufFile alignment(int bytes) {
    alignment = bytes;
    return u32("general.alignment", bytes);
  }

  GgufFile text(String key, String value) {
    key(key, STRING);
    string(pairs, value);
    return this;
  }

  GgufFile u32(String key, int value) {
    key(key, U32);
    i32(pairs, value);
    return this;
  }

  GgufFile u32s(String key, int... values) {
    key(key, ARRAY);
    i32(pairs, U32);
    i64(pairs, values.length);
    for (int value : values) {
      i32(pairs, value);
    }
    return this;
  }

  GgufFile texts(String key, String... values) {
    key(key, ARRAY);
    i32(pairs, STRING);
    i64(pairs, values.length);
    for (String value : values) {
      string(pairs, value);
    }
    return this;
  }

  /// A key whose value has the type `type` and the bytes of `value`.
  GgufFile raw(String key, int type, long... value) {
    key(key, type);
    for (long word : value) {
      i64(pairs, word);
    }
    return this;
  }

  GgufFile rawArray(String key, int type, long count) {
    key(key, ARRAY);
    i32(pairs, type);
    i64(pairs, count);
    return this;
  }

  /// A key of an announced length that the file need not hold.
  GgufFile keyOfLength(long bytes) {
    i64(pairs, bytes);
    pairCount++;
    return this;
  }

  /// A tensor of 32-bit floats after the previous one.
  GgufFile tensor(String name, long... extents) {
    long bytes = 4;
    for (long extent : extents) {
      bytes *= extent;
    }
    tensor(name, F32, dataBytes, extents);
    dataBytes += (bytes + alignment - 1) / alignment * alignment;
    return this;
  }

  /// A table entry without data.
  GgufFile tensor(String name, int type, long offset, long[] extents) {
    string(tensors, name);
    i32(tensors, extents.length);
    for (long extent : extents) {
      i64(tensors, extent);
    }
    i32(tensors, type);
    i64(tensors, offset);
    tensorCount++;
    return this;
  }

  byte[] bytes() {
    header.reset();
    header.writeBytes(magic.getBytes(StandardCharsets.ISO_8859_1));
    i32(header, version);
    i64(header, tensorCount);
    i64(header, pairCount);
    header.writeBytes(pairs.toByteArray());
    header.writeBytes(tensors.toByteArray());
    while (tensorCount > 0 && header.size() % alignment != 0) {
      header.write(0);
    }
    header.writeBytes(new byte[(int) dataBytes]);
    return header.toByteArray();
  }

  Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  private void key(String key, int type) {
    string(pairs, key);
    i32(pairs, type);
    pairCount++;
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    i64(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void i32(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void i64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
