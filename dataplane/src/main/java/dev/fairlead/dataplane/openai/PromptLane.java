package dev.fairlead.dataplane.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Hashes one part of a prompt from its start, block by block, as its bytes come: in pieces of any
/// size. Each hash includes all blocks before it. What is behind the last whole block counts only
/// for what follows the part, and what is behind {@link #MOST_BLOCKS} not at all: the cost of a
/// long prompt is bounded. Used by one thread.
///
/// Eight bytes a step: two sums of products are rotated on, and folded by the finaliser of
/// SplitMix64 (Steele, Lea, Flood, 2014). It does not resist an attacker, who could only choose the
/// replica that serves him.
final class PromptLane {
  static final int BLOCK_BYTES = 512;
  static final int MOST_BLOCKS = 32;

  /// Bytes that are in no text: they keep apart what would run together.
  private static final byte END_OF_TEXT = (byte) 0xFF;

  private static final byte END_OF_CONTAINER = (byte) 0xFE;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final int FIRST_BYTES = 128;

  private byte[] block = new byte[FIRST_BYTES];
  private long[] hashes = {};
  private int filled;
  private int count;
  private long chain;

  /// Whether it takes more than these bytes.
  boolean add(byte[] source, int from, int to) {
    int i = from;
    while (i < to && count < MOST_BLOCKS) {
      if (filled == 0 && to - i >= BLOCK_BYTES) {
        close(source, i);
        i += BLOCK_BYTES;
        continue;
      }
      int part = Math.min(to - i, BLOCK_BYTES - filled);
      makeRoom(part);
      System.arraycopy(source, i, block, filled, part);
      i += part;
      filled += part;
      closeIfFull();
    }
    return count < MOST_BLOCKS;
  }

  /// Whether it takes more than this byte.
  boolean add(int b) {
    if (count < MOST_BLOCKS) {
      makeRoom(1);
      block[filled++] = (byte) b;
      closeIfFull();
    }
    return count < MOST_BLOCKS;
  }

  /// A number counts by its value: a token id, for example.
  void addNumber(long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      var _ = add((int) (value >>> shift));
    }
    endText();
  }

  void endText() {
    var _ = add(END_OF_TEXT);
  }

  void endContainer() {
    var _ = add(END_OF_CONTAINER);
  }

  private void makeRoom(int more) {
    if (filled + more > block.length) {
      block = Arrays.copyOf(block, BLOCK_BYTES);
    }
  }

  private void closeIfFull() {
    if (filled == BLOCK_BYTES) {
      close(block, 0);
      filled = 0;
    }
  }

  private void close(byte[] bytes, int from) {
    chain = hash(bytes, from, chain);
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.max(8, 2 * count));
    }
    hashes[count++] = chain;
  }

  int count() {
    return count;
  }

  /// Copies the hashes, each with what came before this part mixed in.
  void copyTo(long[] target, int at, long before) {
    for (int i = 0; i < count; i++) {
      target[at + i] = mix(hashes[i] ^ before);
    }
  }

  /// Stands for the whole part, in addition to what came before it.
  long after(long before) {
    if (filled == 0) {
      return count == 0 ? before : mix(chain ^ before);
    }
    block = Arrays.copyOf(block, BLOCK_BYTES);
    Arrays.fill(block, filled, BLOCK_BYTES, (byte) 0);
    return mix(hash(block, 0, chain) ^ before) + filled;
  }

  private static long hash(byte[] bytes, int from, long before) {
    long a = before;
    long b = ~before;
    for (int i = from; i < from + BLOCK_BYTES; i += 4 * Long.BYTES) {
      a = Long.rotateLeft(a, 23) + (long) WORD.get(bytes, i) * FACTOR;
      b = Long.rotateLeft(b, 41) + (long) WORD.get(bytes, i + 8) * FACTOR;
      a = Long.rotateLeft(a, 23) + (long) WORD.get(bytes, i + 16) * FACTOR;
      b = Long.rotateLeft(b, 41) + (long) WORD.get(bytes, i + 24) * FACTOR;
    }
    return mix(mix(a) ^ b);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
