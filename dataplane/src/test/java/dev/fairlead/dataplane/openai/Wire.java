package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// What the tests of this package share: transcripts of a real engine, random chunks, JSON trees,
/// and an allocator that counts what is not released.
final class Wire {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Wire() {}

  static String transcript(String name) {
    try (InputStream in = Wire.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  static JsonNode json(ByteBuf bytes) {
    return json(bytes.toString(UTF_8));
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  static UnpooledByteBufAllocator countingAllocator() {
    return new UnpooledByteBufAllocator(false);
  }

  static long notReleased(UnpooledByteBufAllocator allocator) {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }

  /// Cuts bytes into chunks of 1 to `longest` bytes, some on the heap and some not.
  static List<ByteBuf> chunks(byte[] all, int longest, Random random) {
    List<ByteBuf> chunks = new ArrayList<>();
    int from = 0;
    while (from < all.length) {
      int length = Math.min(all.length - from, 1 + random.nextInt(longest));
      ByteBuf chunk =
          random.nextBoolean()
              ? Unpooled.buffer(length + 3).writeZero(3).skipBytes(3)
              : Unpooled.directBuffer(length);
      chunks.add(chunk.writeBytes(all, from, length));
      from += length;
    }
    return chunks;
  }

  /// The data of each event that is one line of data, `[DONE]` included.
  static List<String> datas(String stream) {
    List<String> datas = new ArrayList<>();
    for (String event : stream.split("\n\n", -1)) {
      if (event.startsWith("data: ")) {
        datas.add(event.substring("data: ".length()));
      }
    }
    return datas;
  }

  /// The chunks of a stream without `[DONE]`.
  static List<JsonNode> chunksOf(String stream) {
    return datas(stream).stream().filter(data -> !data.equals("[DONE]")).map(Wire::json).toList();
  }
}
