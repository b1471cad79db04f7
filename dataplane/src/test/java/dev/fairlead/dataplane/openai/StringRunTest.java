package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StringRunTest {
  private static final byte[] HEAD =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"".getBytes(UTF_8);
  private static final byte[] END = "\"}]}".getBytes(UTF_8);

  /// What the inside of a string may have, and what it may not.
  private static final List<String> PIECES =
      List.of(
          "a",
          "plain text ",
          "a longer run of plain text, over 32 bytes of it, ",
          "\\n",
          "\\\"",
          "\\\\",
          "\\/",
          "\\u00e9",
          "\\ud83d\\ude00",
          "ü",
          "水",
          "😀",
          "\u007f",
          "\u0800",
          "\uffff");

  private static final List<byte[]> WRONG =
      List.of(
          new byte[] {'\n'},
          new byte[] {0},
          new byte[] {0x1F},
          new byte[] {'\\', 'x'},
          new byte[] {(byte) 0x80},
          new byte[] {(byte) 0xC1, (byte) 0xBF},
          new byte[] {(byte) 0xE0, (byte) 0x9F, (byte) 0xBF},
          new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
          new byte[] {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
          new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
          new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
          new byte[] {(byte) 0xE6, (byte) 0xB0, 'x'},
          "\\ud83d ".getBytes(UTF_8));

  @Test
  void aStringReadsAlikeByTheByteAndInOnePiece() {
    for (int seed = 0; seed < 3_000; seed++) {
      byte[] body = body(new Random(seed), seed % 3 == 0);
      Scan whole = scan(body, body.length);
      assertThat(whole).as("seed %d", seed).isEqualTo(scan(body, 1));
      assertThat(whole).as("seed %d", seed).isEqualTo(scan(body, 1 + seed % 17));
      assertThat(whole)
          .as("seed %d", seed)
          .isInstanceOf(seed % 3 == 0 ? Scan.Refused.class : ScannedRequest.class);
    }
  }

  private static byte[] body(Random random, boolean wrong) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(HEAD);
    int pieces = 1 + random.nextInt(40);
    int wrongAt = random.nextInt(pieces);
    for (int i = 0; i < pieces; i++) {
      out.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8));
      if (wrong && i == wrongAt) {
        out.writeBytes(WRONG.get(random.nextInt(WRONG.size())));
      }
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  private static Scan scan(byte[] body, int step) {
    var scanner = new BodyScanner(EndpointKind.CHAT, ScanLimits.DEFAULT);
    for (int from = 0; from < body.length; from += step) {
      scanner.accept(Unpooled.wrappedBuffer(body, from, Math.min(step, body.length - from)));
    }
    return scanner.finish();
  }
}
