package dev.fairlead.dataplane.openai;

/// What a request body may at most hold, so that no client can make the gateway or an engine work
/// without bound. Sizes are bytes as sent; more is refused with 413 (`bodyBytes`) or 400.
///
/// @param depth of nested objects and arrays
/// @param stringBytes of one JSON string
/// @param messages of a chat
/// @param inputs of an embedding request
/// @param stop sequences
/// @param tools definitions
/// @param maxTokens the largest `max_tokens` or `max_completion_tokens`
public record ScanLimits(
    int bodyBytes,
    int depth,
    int stringBytes,
    int messages,
    int inputs,
    int stop,
    int tools,
    long maxTokens) {
  public static final ScanLimits DEFAULT =
      new ScanLimits(32 << 20, 64, 16 << 20, 4096, 2048, 16, 512, 1 << 20);

  public ScanLimits {
    positive(bodyBytes, "bodyBytes");
    positive(depth, "depth");
    positive(stringBytes, "stringBytes");
    positive(messages, "messages");
    positive(inputs, "inputs");
    positive(stop, "stop");
    positive(tools, "tools");
    positive(maxTokens, "maxTokens");
  }

  private static void positive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }
}
