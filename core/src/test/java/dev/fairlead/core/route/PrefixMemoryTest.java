package dev.fairlead.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Which replica was given how much of a prompt before.
final class PrefixMemoryTest {
  private final PrefixMemory memory = new PrefixMemory();

  @Test
  void aReplicaKnowsAsMuchAsItsPromptsHaveInCommonWithThisOne() {
    memory.given("a", prompt(1, 2, 3));
    memory.given("b", prompt(1, 2, 4, 5));
    memory.given("c", prompt(9));

    assertThat(memory.known(prompt(1, 2, 3, 6))).isEqualTo(Map.of("a", 3, "b", 2));
    assertThat(memory.known(prompt(1, 2, 4, 5, 7, 8))).isEqualTo(Map.of("b", 4));
    assertThat(memory.known(prompt(9, 10))).isEqualTo(Map.of("c", 1));
    assertThat(memory.known(prompt(7))).isEmpty();
  }

  @Test
  void theReplicaThatWasGivenABlockLastHasIt() {
    memory.given("a", prompt(1, 2));
    memory.given("b", prompt(1, 2));

    assertThat(memory.known(prompt(1, 2))).isEqualTo(Map.of("b", 2));
  }

  @Test
  void aPromptShorterThanABlockIsKnownNowhere() {
    memory.given("a", PromptBlocks.NONE);

    assertThat(memory.known(PromptBlocks.NONE)).isEmpty();
    assertThat(memory.known(prompt(0))).as("an empty place is no block").isEmpty();
  }

  @Test
  void whatIsNewestIsKnownHoweverManyThereWere() {
    Random random = new Random(1);
    for (int i = 0; i < 4 * PrefixMemory.BLOCKS; i++) {
      memory.given("old", PromptBlocks.of(new long[] {random.nextLong()}, 1));
    }
    memory.given("new", prompt(1, 2, 3));

    assertThat(memory.known(prompt(1, 2, 3))).isEqualTo(Map.of("new", 3));
  }

  /// Hashes are random in all their bits.
  private static PromptBlocks prompt(int... blocks) {
    long[] hashes = new long[blocks.length];
    for (int i = 0; i < blocks.length; i++) {
      hashes[i] = blocks[i] == 0 ? 0 : new SplittableRandom(blocks[i]).nextLong();
    }
    return PromptBlocks.of(hashes, hashes.length);
  }
}
