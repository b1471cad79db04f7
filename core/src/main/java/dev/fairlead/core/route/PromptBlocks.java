package dev.fairlead.core.route;

import java.util.Arrays;

/// How a prompt begins, so that it can be sent to where an engine has read the same beginning
/// before. The hash of a block stands for all of the prompt up to the block's end: two prompts have
/// as many equal hashes as they have blocks in common from their start. Immutable.
public final class PromptBlocks {
  /// A prompt that is shorter than a block.
  public static final PromptBlocks NONE = new PromptBlocks(new long[0]);

  private final long[] hashes;

  private PromptBlocks(long[] hashes) {
    this.hashes = hashes;
  }

  /// The first `count` of these hashes.
  public static PromptBlocks of(long[] hashes, int count) {
    return count == 0 ? NONE : new PromptBlocks(Arrays.copyOf(hashes, count));
  }

  public int count() {
    return hashes.length;
  }

  /// The hash of the prompt up to the end of a block; the first one is 0.
  public long hash(int block) {
    return hashes[block];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PromptBlocks blocks && Arrays.equals(hashes, blocks.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return hashes.length + " blocks";
  }
}
