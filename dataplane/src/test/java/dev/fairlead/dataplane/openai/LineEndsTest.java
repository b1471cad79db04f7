package dev.fairlead.dataplane.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndsTest {
  /// The neighbours of a line end, and what a borrow or a sign could be mistaken for one.
  private static final byte[] OTHERS = {
    0, 9, 11, 12, 14, 'a', 0x7F, (byte) 0x80, (byte) 0x8A, (byte) 0x8D, -1
  };

  @Test
  void findsWhatALookAtEachByteFinds() {
    Random random = new Random(5);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(120)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = OTHERS[random.nextInt(OTHERS.length)];
      }
      for (int feeds = random.nextInt(3); feeds > 0 && bytes.length > 0; feeds--) {
        bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? '\n' : '\r');
      }
      int to = random.nextInt(bytes.length + 1);
      int from = random.nextInt(to + 1);

      assertThat(LineEnds.feed(bytes, from, to))
          .as("the feed of %s from %d to %d", bytes, from, to)
          .isEqualTo(feed(bytes, from, to));
      assertThat(LineEnds.first(bytes, from, to))
          .as("the end of %s from %d to %d", bytes, from, to)
          .isEqualTo(end(bytes, from, to));
    }
  }

  private static int feed(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static int end(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        return i;
      }
    }
    return to;
  }
}
