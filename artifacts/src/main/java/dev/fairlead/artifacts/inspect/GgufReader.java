package dev.fairlead.artifacts.inspect;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads and checks the header of a GGUF file, versions 2 and 3, little endian: metadata, then the
/// tensor table, then whether the file holds the data that the table announces. It is as strict as
/// llama.cpp's own loader (gguf.cpp), so that what passes here loads there. For one file and
/// thread.
///
/// Format: the GGUF specification in ggml's docs/gguf.md.
public final class GgufReader {
  private static final int MAGIC = 0x46554747;
  private static final int MAX_KEY_BYTES = 65_535;
  private static final int MAX_TENSOR_NAME_BYTES = 63;
  private static final int MAX_DIMENSIONS = 4;
  private static final long MAX_TEXT_BYTES = 16L << 20;
  private static final int MAX_KEPT_ARRAY = 4_096;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int LEAST_KEY_VALUE_BYTES = 8 + 1 + 4 + 1;
  private static final int LEAST_TENSOR_BYTES = 8 + 4 + 4 + 8;

  private final Path file;
  private final GgufInput input;

  private GgufReader(Path file, GgufInput input) {
    this.file = file;
    this.input = input;
  }

  /// Throws {@link ArtifactException} with `NOT_GGUF`, `UNSUPPORTED`, `CORRUPT` or `TRUNCATED`.
  public static GgufHeader read(Path file) throws IOException {
    try (GgufInput input = new GgufInput(file)) {
      return new GgufReader(file, input).header();
    }
  }

  private GgufHeader header() throws IOException {
    if (input.length() < 4 || input.i32() != MAGIC) {
      throw NotGguf.explain(file);
    }
    int version = version();
    long tensors = input.count(input.i64(), LEAST_TENSOR_BYTES, "tensors");
    long pairs = input.count(input.i64(), LEAST_KEY_VALUE_BYTES, "metadata keys");
    Map<String, GgufValue> metadata = new HashMap<>();
    for (long i = 0; i < pairs; i++) {
      String key = input.string(MAX_KEY_BYTES, "a metadata key");
      if (key.isEmpty()) {
        throw input.corrupt("a metadata key is empty");
      }
      if (metadata.put(key, value(input.i32(), key)) != null) {
        throw input.corrupt("the metadata key %s is there twice".formatted(key));
      }
    }
    long elements = tensors((int) tensors, alignment(metadata));
    return new GgufHeader(version, metadata, (int) tensors, elements, input.length());
  }

  private int version() throws IOException {
    int version = input.i32();
    if (version == 2 || version == 3) {
      return version;
    }
    String why =
        (version & 0xffff) == 0 && version != 0
            ? "it is big endian; get the little-endian file"
            : version == 0 || version == 1
                ? "GGUF version %d is not read any more; convert it anew".formatted(version)
                : "GGUF version %s is newer than this program; update it, or get a version 3 file"
                    .formatted(Integer.toUnsignedString(version));
    throw new ArtifactException(Category.UNSUPPORTED, "%s cannot be used: %s".formatted(file, why));
  }

  private int alignment(Map<String, GgufValue> metadata) {
    return switch (metadata.get("general.alignment")) {
      case null -> DEFAULT_ALIGNMENT;
      case GgufValue.Whole(long value)
          when value > 0 && value <= 1 << 30 && Long.bitCount(value) == 1 ->
          (int) value;
      case GgufValue other -> throw input.corrupt("general.alignment is no power of two: " + other);
    };
  }

  private GgufValue value(int type, String key) throws IOException {
    return switch (type) {
      case 0 -> new GgufValue.Whole(input.i8() & 0xffL);
      case 1 -> new GgufValue.Whole(input.i8());
      case 2 -> new GgufValue.Whole(input.i16() & 0xffffL);
      case 3 -> new GgufValue.Whole(input.i16());
      case 4 -> new GgufValue.Whole(input.i32() & 0xffff_ffffL);
      case 5 -> new GgufValue.Whole(input.i32());
      case 6 -> new GgufValue.Real(input.f32());
      case 7 -> new GgufValue.Flag(input.i8() != 0);
      case 8 -> new GgufValue.Text(input.string(MAX_TEXT_BYTES, key));
      case 9 -> array(key);
      case 10, 11 -> new GgufValue.Whole(input.i64());
      case 12 -> new GgufValue.Real(input.f64());
      default -> throw unknownType(type, key);
    };
  }

  private GgufValue array(String key) throws IOException {
    int type = input.i32();
    int size =
        switch (type) {
          case 0, 1, 7 -> 1;
          case 2, 3 -> 2;
          case 4, 5, 6 -> 4;
          case 8, 10, 11, 12 -> 8;
          default -> throw unknownType(type, key);
        };
    long count = input.count(input.i64(), size, "values of " + key);
    if (type == 8) {
      for (long i = 0; i < count; i++) {
        long bytes = input.i64();
        if (bytes < 0) {
          throw input.corrupt("a text of %s has a negative length".formatted(key));
        }
        input.skip(bytes);
      }
      return new GgufValue.Skipped();
    }
    boolean isInteger = type != 6 && type != 7 && type != 12;
    if (!isInteger || count > MAX_KEPT_ARRAY) {
      input.skip(Math.multiplyExact(count, size));
      return new GgufValue.Skipped();
    }
    List<Long> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      if (value(type, key) instanceof GgufValue.Whole(long whole)) {
        values.add(whole);
      }
    }
    return new GgufValue.Wholes(values);
  }

  /// Checks the tensor table and answers how many weights it lists.
  private long tensors(int count, int alignment) throws IOException {
    Set<String> names = new HashSet<>();
    long elements = 0;
    long nextOffset = 0;
    long end = 0;
    for (int i = 0; i < count; i++) {
      String name = input.string(MAX_TENSOR_NAME_BYTES, "a tensor's name");
      if (!names.add(name)) {
        throw input.corrupt("the tensor %s is there twice".formatted(name));
      }
      Size size = size(name);
      long offset = input.i64();
      if (offset != nextOffset) {
        throw input.corrupt(
            "the tensor %s is said to be at %s instead of %d"
                .formatted(name, Long.toUnsignedString(offset), nextOffset));
      }
      try {
        elements = Math.addExact(elements, size.elements());
        end = Math.addExact(offset, size.bytes());
        nextOffset = align(end, alignment);
      } catch (ArithmeticException overflow) {
        throw tooBig(name, overflow);
      }
    }
    checkEnd(end, alignment);
    return elements;
  }

  private record Size(long elements, long bytes) {}

  private Size size(String name) throws IOException {
    int dimensions = input.i32();
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
      throw input.corrupt(
          "the tensor %s has %s dimensions".formatted(name, Integer.toUnsignedString(dimensions)));
    }
    long row = 1;
    long elements = 1;
    try {
      for (int i = 0; i < dimensions; i++) {
        long extent = input.i64();
        if (extent < 0) {
          throw input.corrupt("the tensor %s has a negative extent".formatted(name));
        }
        row = i == 0 ? extent : row;
        elements = Math.multiplyExact(elements, extent);
      }
      int id = input.i32();
      TensorType type = TensorType.of(id).orElseThrow(() -> unknownType(id, "the tensor " + name));
      if (!type.fits(row)) {
        throw input.corrupt(
            "the tensor %s has rows of %d, which %s cannot hold".formatted(name, row, type));
      }
      return new Size(elements, type.bytes(elements));
    } catch (ArithmeticException overflow) {
      throw tooBig(name, overflow);
    }
  }

  private void checkEnd(long dataBytes, int alignment) {
    long needed;
    try {
      needed = Math.addExact(align(input.position(), alignment), dataBytes);
    } catch (ArithmeticException overflow) {
      throw tooBig("at the end", overflow);
    }
    if (dataBytes > 0 && needed > input.length()) {
      throw new ArtifactException(
          Category.TRUNCATED,
          "%s is cut short: it has %,d bytes, and its tensors need %,d; fetch it again"
              .formatted(file, input.length(), needed));
    }
  }

  private static long align(long offset, int alignment) {
    return Math.addExact(offset, alignment - 1) / alignment * alignment;
  }

  private ArtifactException tooBig(String tensor, ArithmeticException overflow) {
    ArtifactException failure =
        input.corrupt("the tensor %s is larger than any file".formatted(tensor));
    failure.initCause(overflow);
    return failure;
  }

  private ArtifactException unknownType(int type, String where) {
    return new ArtifactException(
        Category.CORRUPT,
        "%s cannot be read: %s has the type %s, which is unknown here; it is damaged, or made for a newer llama.cpp: fetch it again, or get another quantization"
            .formatted(file, where, Integer.toUnsignedString(type)));
  }
}
