package dev.fairlead.dataplane.openai;

import java.util.List;

/// What a container of a request's body is, with the keys that are read in it.
enum RequestPlace {
  CHAT(
      "model",
      "messages",
      "stream",
      "stream_options",
      "max_tokens",
      "max_completion_tokens",
      "n",
      "stop",
      "tools",
      "user"),
  COMPLETION("model", "prompt", "stream", "stream_options", "max_tokens", "n", "stop", "user"),
  EMBEDDING("model", "input", "encoding_format", "user"),
  RESPONSES(
      "model",
      "input",
      "instructions",
      "stream",
      "max_output_tokens",
      "tools",
      "user",
      "previous_response_id",
      "conversation",
      "background"),
  ANTHROPIC(
      "model", "messages", "system", "stream", "max_tokens", "stop_sequences", "tools", "metadata"),
  COUNT("model", "messages", "system", "tools"),
  RERANK("model", "query", "documents"),
  STREAM_OPTIONS("include_usage"),
  METADATA("user_id"),
  MESSAGES,
  MESSAGE("role", "content", "tool_calls"),
  CONTENT,
  PART("type", "text", "content", "input"),
  ITEMS,
  ITEM("role", "content", "arguments", "output"),
  STOP,
  TOOLS,
  FLAT_TOOLS,
  TOOL("type", "function"),
  FUNCTION("name"),
  TEXTS,
  TOKENS,
  /// Anything below counts as prompt.
  COUNTED,
  IGNORED;

  // List.of makes lists that cannot be changed, which the checker cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> keys;

  RequestPlace(String... keys) {
    this.keys = List.of(keys);
  }

  /// The whole body of a request.
  static RequestPlace root(EndpointKind kind) {
    return switch (kind) {
      case CHAT -> CHAT;
      case COMPLETION -> COMPLETION;
      case EMBEDDING -> EMBEDDING;
      case RESPONSES -> RESPONSES;
      case MESSAGES -> ANTHROPIC;
      case COUNT_TOKENS -> COUNT;
      case RERANK -> RERANK;
    };
  }

  /// The number of a key that is read here; negative for others.
  int indexOf(String key) {
    return keys.indexOf(key);
  }

  /// What stands at a key that is read here, or what an element is, in the words of an error.
  String expected(String key) {
    return switch (this) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK -> expectedAtRoot(key);
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS -> "an object";
      case MESSAGE, ITEM ->
          switch (key) {
            case "content" -> "a string or an array";
            case "tool_calls" -> "an array";
            default -> "a string";
          };
      case TOOL -> key.equals("function") ? "an object" : "a string";
      case STREAM_OPTIONS -> "a boolean";
      case TOKENS -> "an integer";
      case METADATA, PART, STOP, FUNCTION, TEXTS, COUNTED, IGNORED -> "a string";
    };
  }

  private static String expectedAtRoot(String key) {
    return switch (key) {
      case "model", "user" -> "a string";
      case "messages", "tools" -> "an array";
      case "stream" -> "a boolean";
      case "stream_options", "metadata" -> "an object";
      case "stop" -> "a string or an array of strings";
      case "documents", "stop_sequences" -> "an array of strings";
      case "instructions", "query" -> "a string";
      case "background" -> "false: an answer is given at once or not at all";
      case "system" -> "a string or an array";
      case "prompt", "input" -> "a string or an array";
      case "encoding_format" -> "`float` or `base64`";
      default -> "an integer";
    };
  }
}
