package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.route.PromptBlocks;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What the scan tells of how a prompt begins.
class PromptBlocksTest {
  private static final String LONG = "All work and no play makes a long text. ".repeat(60);
  private static final String OTHER = "Entirely different words, again and again. ".repeat(60);

  private static PromptBlocks blocks(EndpointKind kind, String body) {
    return blocks(kind, body, new Random(1), Integer.MAX_VALUE);
  }

  private static PromptBlocks blocks(EndpointKind kind, String body, Random random, int largest) {
    byte[] bytes = body.getBytes(UTF_8);
    BodyScanner scanner = new BodyScanner(kind, ScanLimits.DEFAULT);
    int at = 0;
    while (at < bytes.length) {
      int part = Math.min(bytes.length - at, 1 + random.nextInt(largest - 1));
      assertThat(scanner.accept(Unpooled.wrappedBuffer(bytes, at, part))).isEmpty();
      at += part;
    }
    return ((ScannedRequest) scanner.finish()).prompt();
  }

  private static String chat(String... messages) {
    return "{\"model\":\"m\",\"messages\":[" + String.join(",", messages) + "]}";
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }

  private static int common(PromptBlocks one, PromptBlocks other) {
    int common = 0;
    while (common < Math.min(one.count(), other.count())
        && one.hash(common) == other.hash(common)) {
      common++;
    }
    return common;
  }

  private static PromptBlocks chatBlocks(String... messages) {
    return blocks(EndpointKind.CHAT, chat(messages));
  }

  @Test
  void theNextTurnBeginsAsTheOneBefore() {
    String system = message("system", LONG);
    PromptBlocks first = chatBlocks(system, message("user", OTHER));
    PromptBlocks second =
        chatBlocks(
            system,
            message("user", OTHER),
            message("assistant", LONG),
            message("user", "And then?"));

    assertThat(first.count()).isEqualTo((LONG.length() + OTHER.length()) / 512);
    assertThat(common(first, second)).isEqualTo(first.count());
    assertThat(second.count()).isGreaterThan(first.count());
  }

  @Test
  void promptsThatDifferAreTheSameUpToThere() {
    PromptBlocks one = chatBlocks(message("system", LONG), message("user", LONG));
    PromptBlocks other = chatBlocks(message("system", LONG), message("user", OTHER));

    assertThat(common(one, other)).isEqualTo(LONG.length() / 512);
  }

  @Test
  void whoSaysItCounts() {
    assertThat(common(chatBlocks(message("user", LONG)), chatBlocks(message("system", LONG))))
        .isZero();
    PromptBlocks two = chatBlocks(message("user", "a"), message("user", LONG));
    assertThat(common(two, chatBlocks(message("user", "a" + LONG)))).isZero();
  }

  @Test
  void theSameHoweverItArrives() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      String body =
          chat(message("system", "ü\\n\\u00fc\\ud83d\\ude00 " + LONG), message("user", OTHER))
              .replace("play", random.nextBoolean() ? "pl\\\"ay" : "\uD83D\uDE00");
      PromptBlocks whole = blocks(EndpointKind.CHAT, body);
      assertThat(blocks(EndpointKind.CHAT, body, random, 2 + random.nextInt(600))).isEqualTo(whole);
    }
  }

  @Test
  void howItIsWrittenDoesNotCount() {
    PromptBlocks plain =
        blocks(
            EndpointKind.CHAT,
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s é/\"}]}"
                .formatted(LONG));
    PromptBlocks other =
        blocks(
            EndpointKind.CHAT,
            """
            { "temperature" : 0.5, "messages" : [ { "role" : "us\\u0065r" , "content" : "%s \\u00e9\\/" } ],
              "stream": true, "user": "zoë", "model" : "m" }
            """
                .formatted(LONG.replace("a", "\\u0061")));

    assertThat(other).isEqualTo(plain);
    assertThat(plain.count()).isPositive();
  }

  @Test
  void systemPromptAndToolsComeFirstWhereverTheyStand() {
    String messages = "\"messages\":[" + message("user", OTHER) + "]";
    String system = "\"system\":\"%s\"".formatted(LONG);
    String tools =
        "\"tools\":[{\"name\":\"get\",\"description\":\"%s\",\"input_schema\":{}}]".formatted(LONG);
    PromptBlocks before = anthropic(tools, system, messages);

    assertThat(anthropic(messages, system, tools)).isEqualTo(before);
    assertThat(common(before, anthropic(tools, system, messages.replace("different", "equal"))))
        .as("tools and system prompt are in common")
        .isGreaterThan(2 * (LONG.length() / 512) - 1)
        .isLessThan(before.count());
    assertThat(common(before, anthropic(tools.replace("get", "put"), system, messages))).isZero();
    assertThat(common(before, anthropic(tools, system.replace("All", "Any"), messages)))
        .isEqualTo(LONG.length() / 512);
    assertThat(common(before, anthropic(system, messages))).isZero();
  }

  private static PromptBlocks anthropic(String... parts) {
    return blocks(
        EndpointKind.MESSAGES,
        "{\"model\":\"m\",\"max_tokens\":8," + String.join(",", parts) + "}");
  }

  @Test
  void promptsOfEveryKindAreRead() {
    assertThat(blocks(EndpointKind.COMPLETION, "{\"model\":\"m\",\"prompt\":\"" + LONG + "\"}"))
        .isEqualTo(blocks(EndpointKind.RESPONSES, "{\"model\":\"m\",\"input\":\"" + LONG + "\"}"));
    String ids = "7,".repeat(200) + "8";
    PromptBlocks tokens =
        blocks(EndpointKind.COMPLETION, "{\"model\":\"m\",\"prompt\":[" + ids + "]}");
    assertThat(tokens.count()).isPositive();
    assertThat(
            common(
                tokens,
                blocks(
                    EndpointKind.COMPLETION,
                    "{\"model\":\"m\",\"prompt\":[" + ids.replace("7,", "9,") + "]}")))
        .isZero();
  }

  @Test
  void aShortPromptHasNoBlockAndALongOneSoManyAtMost() {
    assertThat(chatBlocks(message("user", "Hi"))).isEqualTo(PromptBlocks.NONE);
    assertThat(chatBlocks(message("user", LONG.repeat(40))).count())
        .isEqualTo(PromptLane.MOST_BLOCKS);
  }
}
