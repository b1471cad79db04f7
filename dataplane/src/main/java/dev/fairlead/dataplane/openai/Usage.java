package dev.fairlead.dataplane.openai;

/// How many tokens an answer took. `cachedTokens` is the part of `promptTokens` that the engine had
/// in its KV cache.
public record Usage(long promptTokens, long completionTokens, long cachedTokens) {
  public Usage {
    if (promptTokens < 0) {
      throw new IllegalArgumentException("promptTokens is negative: " + promptTokens);
    }
    if (completionTokens < 0) {
      throw new IllegalArgumentException("completionTokens is negative: " + completionTokens);
    }
    if (cachedTokens < 0) {
      throw new IllegalArgumentException("cachedTokens is negative: " + cachedTokens);
    }
  }

  public long totalTokens() {
    return promptTokens + completionTokens;
  }
}
