package dev.fairlead.dataplane.openai;

import java.util.Optional;

/// What a client asks for, by the path it posts to. `CHAT`, `COMPLETION` and `EMBEDDING` every
/// engine has; the others go to the engine's own endpoint of the same path, if it has one.
public enum EndpointKind {
  CHAT("/v1/chat/completions", "messages", "chatcmpl-"),
  COMPLETION("/v1/completions", "prompt", "cmpl-"),
  EMBEDDING("/v1/embeddings", "input", "embd-"),
  /// OpenAI's Responses API, of which nothing is stored.
  RESPONSES("/v1/responses", "input", "resp_"),
  /// Anthropic's Messages API.
  MESSAGES("/v1/messages", "messages", "msg_"),
  /// How many tokens the prompt of a message has.
  COUNT_TOKENS("/v1/messages/count_tokens", "messages", "count_"),
  RERANK("/v1/rerank", "documents", "rerank-");

  private final String path;
  private final String promptParam;
  private final String idPrefix;

  EndpointKind(String path, String promptParam, String idPrefix) {
    this.path = path;
    this.promptParam = promptParam;
    this.idPrefix = idPrefix;
  }

  /// The kind that is served at exactly this path.
  public static Optional<EndpointKind> of(String path) {
    for (EndpointKind kind : values()) {
      if (kind.path.equals(path)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  public String path() {
    return path;
  }

  /// The key of the body that holds the prompt: the `param` of errors about it.
  public String promptParam() {
    return promptParam;
  }

  /// Whether the answer is numbers about texts that models of their own make.
  public boolean vectors() {
    return this == EMBEDDING || this == RERANK;
  }

  /// Whether the answer is one JSON object of numbers: nothing is generated, nothing streams.
  public boolean whole() {
    return vectors() || this == COUNT_TOKENS;
  }

  /// Whether the answer is a stream of events with names and types, rather than of chunks.
  public boolean typed() {
    return this == RESPONSES || this == MESSAGES;
  }

  /// Whether only some engines have it.
  boolean byEngine() {
    return typed() || this == RERANK || this == COUNT_TOKENS;
  }

  String idPrefix() {
    return idPrefix;
  }
}
