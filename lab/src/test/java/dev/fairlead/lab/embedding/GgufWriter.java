package dev.fairlead.lab.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Writes a GGUF file, version 3 (the specification is `docs/gguf.md` of ggml): counts, metadata,
/// tensor descriptions, then the data of each tensor at a multiple of 32 bytes; little-endian. One
/// thread.
final class GgufWriter {
  private static final int ALIGNMENT = 32;

  /// How a tensor's numbers are stored, with ggml's number for it.
  enum Precision {
    F32(0, 4),
    F16(1, 2);

    private final int code;
    private final int bytes;

    Precision(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  private enum ValueType {
    UINT32(4),
    INT32(5),
    FLOAT32(6),
    BOOL(7),
    STRING(8),
    ARRAY(9);

    private final int code;

    ValueType(int code) {
      this.code = code;
    }
  }

  private record Entry(String name, SafeTensors.Tensor tensor, Precision precision) {
    long bytes() {
      return (long) tensor.values().remaining() / Float.BYTES * precision.bytes;
    }
  }

  /// Java writes big-endian; this turns each number around.
  private static final class LittleEndian extends DataOutputStream {
    LittleEndian(OutputStream out) {
      super(out);
    }

    void int32(int value) throws IOException {
      writeInt(Integer.reverseBytes(value));
    }

    void int64(long value) throws IOException {
      writeLong(Long.reverseBytes(value));
    }

    void text(String value) throws IOException {
      byte[] bytes = value.getBytes(UTF_8);
      int64(bytes.length);
      write(bytes);
    }
  }

  private final ByteArrayOutputStream metadataBytes = new ByteArrayOutputStream();
  private final LittleEndian metadata = new LittleEndian(metadataBytes);
  private final List<Entry> tensors = new ArrayList<>();
  private int metadataCount;

  private void key(String key, ValueType type) throws IOException {
    metadata.text(key);
    metadata.int32(type.code);
    metadataCount++;
  }

  void text(String key, String value) throws IOException {
    key(key, ValueType.STRING);
    metadata.text(value);
  }

  void natural(String key, int value) throws IOException {
    key(key, ValueType.UINT32);
    metadata.int32(value);
  }

  void real(String key, float value) throws IOException {
    key(key, ValueType.FLOAT32);
    metadata.int32(Float.floatToIntBits(value));
  }

  void flag(String key, boolean value) throws IOException {
    key(key, ValueType.BOOL);
    metadata.writeBoolean(value);
  }

  void texts(String key, List<String> values) throws IOException {
    array(key, ValueType.STRING, values.size());
    for (String value : values) {
      metadata.text(value);
    }
  }

  void integers(String key, List<Integer> values) throws IOException {
    array(key, ValueType.INT32, values.size());
    for (int value : values) {
      metadata.int32(value);
    }
  }

  private void array(String key, ValueType type, int length) throws IOException {
    key(key, ValueType.ARRAY);
    metadata.int32(type.code);
    metadata.int64(length);
  }

  void tensor(String name, SafeTensors.Tensor tensor, Precision precision) {
    tensors.add(new Entry(name, tensor, precision));
  }

  void writeTo(OutputStream stream) throws IOException {
    LittleEndian out = new LittleEndian(stream);
    out.write("GGUF".getBytes(UTF_8));
    out.int32(3);
    out.int64(tensors.size());
    out.int64(metadataCount);
    metadataBytes.writeTo(out);
    long offset = 0;
    for (Entry entry : tensors) {
      out.text(entry.name());
      out.int32(entry.tensor().shape().size());
      for (int length : entry.tensor().shape().reversed()) {
        out.int64(length);
      }
      out.int32(entry.precision().code);
      out.int64(offset);
      offset += entry.bytes() + padding(entry.bytes());
    }
    out.write(new byte[padding(out.size())]);
    for (Entry entry : tensors) {
      out.write(numbers(entry));
      out.write(new byte[padding(entry.bytes())]);
    }
    out.flush();
  }

  private static byte[] numbers(Entry entry) {
    ByteBuffer values = entry.tensor().values().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(entry.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      float value = values.getFloat();
      switch (entry.precision()) {
        case F32 -> out.putFloat(value);
        case F16 -> out.putShort(Float.floatToFloat16(value));
      }
    }
    return out.array();
  }

  private static int padding(long length) {
    return (int) ((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT);
  }
}
