package dev.fairlead.lab.proof;

import dev.fairlead.lab.harness.Json;
import java.util.List;
import java.util.random.RandomGenerator;

/// A request whose answer is known: the fake engine repeats what it is told, so that an answer for
/// somebody else, a lost piece or a doubled one is seen.
///
/// @param text the whole text of the answer
/// @param finishReason of it; empty where it has none
/// @param tokens generated for it
record Question(Kind kind, String body, String text, String finishReason, int tokens) {
  /// What is asked, and what its asker does.
  enum Kind {
    WHOLE("/v1/chat/completions"),
    STREAM("/v1/chat/completions"),
    EMBEDDING("/v1/embeddings"),
    /// For a model that is not there.
    UNKNOWN("/v1/chat/completions"),
    /// A stream whose client leaves before the first word.
    LEAVES_EARLY("/v1/chat/completions"),
    /// A stream whose client leaves after the first word.
    LEAVES_LATE("/v1/chat/completions");

    private final String path;

    Kind(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }
  }

  static final String CHAT = "chat";
  static final String VECTORS = "vectors";

  /// Of a hundred requests; the rest is whole.
  private static final int STREAMS = 12;

  private static final int EMBEDDINGS = 3;
  private static final int UNKNOWN = 2;
  private static final int LEAVERS = 1;

  static Question next(RandomGenerator random) {
    int dice = random.nextInt(100);
    if (dice < STREAMS) {
      return echo(Kind.STREAM, random);
    }
    if (dice < STREAMS + EMBEDDINGS) {
      return embedding(random);
    }
    if (dice < STREAMS + EMBEDDINGS + UNKNOWN) {
      return unknown();
    }
    if (dice < STREAMS + EMBEDDINGS + UNKNOWN + LEAVERS) {
      return leaver(random.nextBoolean() ? Kind.LEAVES_EARLY : Kind.LEAVES_LATE);
    }
    return echo(Kind.WHOLE, random);
  }

  /// Three words of its own are repeated, cut after two to five tokens.
  private static Question echo(Kind kind, RandomGenerator random) {
    List<String> words = List.of(word(random), word(random), word(random));
    List<String> answer =
        List.of("You", " said:", " " + words.get(0), " " + words.get(1), " " + words.get(2));
    int limit = random.nextInt(2, 8);
    int tokens = Math.min(limit, answer.size());
    return new Question(
        kind,
        chat(kind, String.join(" ", words), limit),
        String.join("", answer.subList(0, tokens)),
        tokens < answer.size() ? "length" : "stop",
        tokens);
  }

  /// As many numbered words as are asked for.
  static Question numbered(int tokens) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      text.append(i == 0 ? "" : " ").append("word").append(i);
    }
    return new Question(
        Kind.STREAM,
        chat(Kind.STREAM, "fake:tokens n=" + tokens, tokens + 1),
        text.toString(),
        "stop",
        tokens);
  }

  private static Question leaver(Kind kind) {
    boolean early = kind == Kind.LEAVES_EARLY;
    String fault = early ? "fake:prefill ms=10000" : "fake:slow rate=20";
    return new Question(kind, chat(kind, fault, 100), "You said: " + fault, "stop", 0);
  }

  private static Question unknown() {
    return new Question(
        Kind.UNKNOWN,
        "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
        "",
        "",
        0);
  }

  private static Question embedding(RandomGenerator random) {
    return new Question(
        Kind.EMBEDDING,
        "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(VECTORS, word(random)),
        "",
        "",
        0);
  }

  private static String chat(Kind kind, String user, int maxTokens) {
    return "{\"model\":\"%s\",%s\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
        .formatted(
            CHAT,
            kind == Kind.WHOLE
                ? ""
                : "\"stream\":true,\"stream_options\":{\"include_usage\":true},",
            maxTokens,
            Json.quoted(user));
  }

  private static String word(RandomGenerator random) {
    return "w%015x".formatted(random.nextLong() >>> 4);
  }
}
