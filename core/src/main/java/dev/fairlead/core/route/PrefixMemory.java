package dev.fairlead.core.route;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Remembers which replica was last given a prompt that begins so: its engine may still have that
/// beginning in its KV cache. A guess, for it knows neither what an engine has thrown away nor what
/// other gateways have sent it; so it may settle between replicas that are equal otherwise, and
/// nothing more.
///
/// A table of {@link #BLOCKS} places (8 MiB of prompts); the block that comes last keeps the place
/// that several share. Not safe for threads: its owner guards it.
public final class PrefixMemory {
  static final int BLOCKS = 16_384;

  private long[] hashes = {};
  private String[] replicas = {};

  /// One that knows nothing yet.
  public PrefixMemory() {}

  /// The replica is given the prompt.
  public void given(String replica, PromptBlocks prompt) {
    if (hashes.length == 0 && prompt.count() > 0) {
      hashes = new long[BLOCKS];
      replicas = new String[BLOCKS];
      Arrays.fill(replicas, "");
    }
    for (int block = 0; block < prompt.count(); block++) {
      int place = place(prompt.hash(block));
      hashes[place] = prompt.hash(block);
      replicas[place] = replica;
    }
  }

  /// How many blocks of the prompt each replica was given before, from its start; without those
  /// that were given none.
  public Map<String, Integer> known(PromptBlocks prompt) {
    if (hashes.length == 0 || prompt.count() == 0) {
      return Map.of();
    }
    Map<String, Integer> known = new HashMap<>();
    for (int block = prompt.count() - 1; block >= 0; block--) {
      int place = place(prompt.hash(block));
      if (hashes[place] == prompt.hash(block) && !replicas[place].isEmpty()) {
        known.putIfAbsent(replicas[place], block + 1);
      }
    }
    return known;
  }

  private static int place(long hash) {
    return (int) (hash >>> 32) & (BLOCKS - 1);
  }
}
