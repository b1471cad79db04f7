package dev.fairlead.app.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Reads a message of Protocol Buffers by the numbers of its fields (protobuf.dev, "Encoding").
record ProtobufMessage(List<Field> fields) {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  /// One field; `bytes` of a length-delimited one, `number` of all others.
  record Field(int number, long value, ByteBuffer bytes) {}

  static ProtobufMessage parse(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      fields.add(
          switch (tag & 7) {
            case VARINT -> new Field(tag >>> 3, varint(in), NOTHING);
            case FIXED64 -> new Field(tag >>> 3, in.getLong(), NOTHING);
            case FIXED32 -> new Field(tag >>> 3, in.getInt(), NOTHING);
            case LENGTH -> {
              byte[] held = new byte[(int) varint(in)];
              in.get(held);
              yield new Field(tag >>> 3, 0, ByteBuffer.wrap(held));
            }
            default -> throw new AssertionError("not a wire type: " + (tag & 7));
          });
    }
    return new ProtobufMessage(fields);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte part = in.get();
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new AssertionError("a varint is too long");
  }

  /// Every message in the field of this number.
  List<ProtobufMessage> messages(int number) {
    return fields.stream()
        .filter(field -> field.number() == number)
        .map(field -> parse(field.bytes().array()))
        .toList();
  }

  byte[] bytes(int number) {
    return field(number).bytes().array();
  }

  String text(int number) {
    return new String(bytes(number), UTF_8);
  }

  long number(int number) {
    return field(number).value();
  }

  private Field field(int number) {
    return fields.stream()
        .filter(field -> field.number() == number)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no field " + number));
  }
}
