package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The upstream's answers as bytes that are made once. Safe for every thread; what is handed out is
/// the caller's to release.
final class PreparedAnswers {
  private static final String WORD = " word";
  private static final String ABOUT = about("chat.completion.chunk");
  private static final ByteBuf ROLE =
      event(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
  private static final ByteBuf TOKEN = event(chunk("{\"content\":\"" + WORD + "\"}", "null"));
  private static final ByteBuf FINISH = event(chunk("{}", "\"length\""));
  private static final ByteBuf USAGE = event("{%s,\"choices\":[],%s}".formatted(ABOUT, usage(16)));
  private static final ByteBuf DONE = event("[DONE]");

  private static final Map<Integer, ByteBuf> RENDERED = new ConcurrentHashMap<>();

  /// What prose has for a token.
  private static final int BYTES_PER_TOKEN = 4;

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
        "{%s,\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",%s},\"finish_reason\":\"length\"}],%s}"
            .formatted(about("chat.completion"), content(tokens), usage(tokens));
    return Unpooled.wrappedBuffer(json.getBytes(US_ASCII));
  }

  /// What the whole answer of so many tokens has to contain, whoever wrote it.
  static String content(int tokens) {
    return "\"content\":\"%s\"".formatted(WORD.repeat(tokens));
  }

  /// The numbers of the tokens of a request whose body has so many bytes.
  static ByteBuf rendered(int bodyBytes) {
    return RENDERED
        .computeIfAbsent(bodyBytes / BYTES_PER_TOKEN, PreparedAnswers::tokenIds)
        .retainedDuplicate();
  }

  private static ByteBuf tokenIds(int tokens) {
    return buffer(
        IntStream.range(0, tokens)
            .mapToObj(i -> Integer.toString(10_000 + i * 7_919 % 90_000))
            .collect(Collectors.joining(",", "{\"token_ids\":[", "]}")));
  }

  private static String usage(int tokens) {
    return "\"usage\":{\"completion_tokens\":%d,\"prompt_tokens\":8,\"total_tokens\":%d}"
        .formatted(tokens, tokens + 8);
  }

  private static String about(String object) {
    return "\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":\"%s\",\"created\":1790000000,\"model\":\"bench\""
        .formatted(object);
  }

  private static String chunk(String delta, String finishReason) {
    return "{%s,\"choices\":[{\"index\":0,\"delta\":%s,\"logprobs\":null,\"finish_reason\":%s}]}"
        .formatted(ABOUT, delta, finishReason);
  }

  private static ByteBuf event(String data) {
    return buffer("data: " + data + "\n\n");
  }

  private static ByteBuf buffer(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly();
  }
}
