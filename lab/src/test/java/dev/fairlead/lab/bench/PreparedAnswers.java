package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// The upstream's answers as bytes that are made once. Safe for every thread; what is handed out is
/// the caller's to release.
final class PreparedAnswers {
  private static final String WORD = " word";
  private static final String ABOUT =
      "\"created\":1790000000,\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\","
          + "\"model\":\"bench\",\"system_fingerprint\":\"b11434-bench\"";
  private static final ByteBuf ROLE =
      event(chunk("null", "{\"role\":\"assistant\",\"content\":null}"));
  private static final ByteBuf TOKEN = event(chunk("null", "{\"content\":\"" + WORD + "\"}"));
  private static final ByteBuf FINISH = event(chunk("\"length\"", "{}"));
  private static final ByteBuf USAGE =
      event(
          "{\"choices\":[],%s,\"object\":\"chat.completion.chunk\",%s}"
              .formatted(ABOUT, usage(16)));
  private static final ByteBuf DONE = event("[DONE]");

  private PreparedAnswers() {}

  static ByteBuf role() {
    return ROLE.retainedDuplicate();
  }

  static ByteBuf token() {
    return TOKEN.retainedDuplicate();
  }

  static ByteBuf finish() {
    return FINISH.retainedDuplicate();
  }

  static ByteBuf usage() {
    return USAGE.retainedDuplicate();
  }

  static ByteBuf done() {
    return DONE.retainedDuplicate();
  }

  /// A whole answer of so many tokens.
  static ByteBuf whole(int tokens) {
    String json =
        ("{\"choices\":[{\"finish_reason\":\"length\",\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",%s}}],%s,\"object\":\"chat.completion\",%s}")
            .formatted(content(tokens), ABOUT, usage(tokens));
    return Unpooled.wrappedBuffer(json.getBytes(US_ASCII));
  }

  /// What the whole answer of so many tokens has to contain, whoever wrote it.
  static String content(int tokens) {
    return "\"content\":\"%s\"".formatted(WORD.repeat(tokens));
  }

  private static String usage(int tokens) {
    return "\"usage\":{\"completion_tokens\":%d,\"prompt_tokens\":8,\"total_tokens\":%d}"
        .formatted(tokens, tokens + 8);
  }

  private static String chunk(String finishReason, String delta) {
    return "{\"choices\":[{\"finish_reason\":%s,\"index\":0,\"delta\":%s}],%s,\"object\":\"chat.completion.chunk\"}"
        .formatted(finishReason, delta, ABOUT);
  }

  private static ByteBuf event(String data) {
    byte[] bytes = ("data: " + data + "\n\n").getBytes(US_ASCII);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly();
  }
}
