package dev.fairlead.dataplane.openai;

/// What a client asks for, by the path it posts to.
public enum EndpointKind {
  CHAT("/v1/chat/completions", "messages", "chatcmpl-"),
  COMPLETION("/v1/completions", "prompt", "cmpl-"),
  EMBEDDING("/v1/embeddings", "input", "embd-");

  private final String path;
  private final String promptParam;
  private final String idPrefix;

  EndpointKind(String path, String promptParam, String idPrefix) {
    this.path = path;
    this.promptParam = promptParam;
    this.idPrefix = idPrefix;
  }

  public String path() {
    return path;
  }

  /// The key of the body that holds the prompt: the `param` of errors about it.
  public String promptParam() {
    return promptParam;
  }

  String idPrefix() {
    return idPrefix;
  }
}
