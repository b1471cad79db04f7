package dev.fairlead.dataplane.openai;

import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.dataplane.openai.ScannedRequest.Encoding;
import dev.fairlead.dataplane.openai.ScannedRequest.OptionsForm;
import dev.fairlead.dataplane.openai.ScannedRequest.Places;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Gathers what a {@link RequestReader} finds, checks the values, and makes the result.
final class RequestFindings {
  /// The longest tokens of today's vocabularies (cl100k, o200k, Llama 3, Qwen, DeepSeek) are rows
  /// of 128 spaces or dashes.
  private static final int MOST_BYTES_OF_A_TOKEN = 128;

  private final EndpointKind kind;
  private final ScanLimits limits;

  private @Nullable String model;
  private @Nullable Span modelAt;
  private int rootStart;
  private int rootEnd;
  private boolean stream;
  private @Nullable Span streamAt;
  private boolean streamOptionsGiven;
  private @Nullable Span streamOptionsAt;
  private OptionsForm streamOptionsForm = OptionsForm.NULL;
  private boolean includeUsage;
  private @Nullable Span includeUsageAt;
  private OptionalLong maxTokens = OptionalLong.empty();
  private boolean maxCompletionTokens;
  private boolean tools;
  private long promptBytes;
  private long certainBytes;
  private int inputs;
  private boolean looseTokens;
  private Encoding encoding = Encoding.FLOAT;
  private @Nullable Span encodingAt;
  private @Nullable String user;

  RequestFindings(EndpointKind kind, ScanLimits limits) {
    this.kind = kind;
    this.limits = limits;
  }

  private static Refusal bad(String param, String code, String message) {
    return Refusal.of(ApiError.badParameter(param, code, message));
  }

  void model(@Nullable String name, Span at) {
    if (name == null) {
      throw bad(
          "model",
          "invalid_value",
          "`model` is longer than %d bytes.".formatted(TextCapture.LONGEST));
    }
    model = name;
    modelAt = at;
  }

  void stream(boolean value, Span at) {
    stream = value;
    streamAt = at;
  }

  void streamOptions(Span brace) {
    streamOptionsGiven = true;
    streamOptionsAt = brace;
  }

  void endStreamOptions(int end, boolean empty) {
    if (streamOptionsAt != null) {
      streamOptionsAt = new Span(streamOptionsAt.start(), end);
      streamOptionsForm = empty ? OptionsForm.EMPTY : OptionsForm.FILLED;
    }
  }

  void nullStreamOptions(Span at) {
    streamOptionsAt = at;
  }

  void includeUsage(boolean value, Span at) {
    includeUsage = value;
    includeUsageAt = at;
  }

  void choices(long n, boolean whole) {
    if (!whole || n < 1) {
      throw bad("n", "invalid_value", "`n` must be an integer of at least 1.");
    }
    if (n > 1) {
      throw bad(
          "n",
          "unsupported_value",
          "`n` must be 1: several choices in one request are not made yet. Send %d requests instead."
              .formatted(n));
    }
  }

  void maxTokens(String param, long value, boolean whole) {
    if (!whole || value < 1 || value > limits.maxTokens()) {
      throw bad(
          param,
          "invalid_value",
          "`%s` must be an integer from 1 to %d.".formatted(param, limits.maxTokens()));
    }
    boolean newer = param.equals("max_completion_tokens");
    if (newer || !maxCompletionTokens) {
      maxTokens = OptionalLong.of(value);
    }
    maxCompletionTokens |= newer;
  }

  void tools(int count, int bytes) {
    tools = count > 0;
    prompt(bytes);
  }

  void prompt(int bytes) {
    promptBytes += bytes;
  }

  /// Text that is in the prompt whatever the model's template does. What is only counted need not
  /// fit into the model's context.
  void certain(int bytes) {
    if (kind != EndpointKind.COUNT_TOKENS) {
      certainBytes += bytes;
    }
  }

  void input() {
    inputs++;
  }

  /// A prompt or text to embed; engines answer an empty text to embed with nonsense or an error.
  void text(String path, int bytes) {
    if (bytes == 0 && kind == EndpointKind.EMBEDDING) {
      throw bad(path, "invalid_value", "`%s` must not be empty.".formatted(path));
    }
    prompt(bytes);
    if (kind == EndpointKind.COMPLETION || kind == EndpointKind.RESPONSES) {
      certain(bytes);
    }
  }

  /// A token id; `loose` when it stands where texts may stand too: all loose ones are one input.
  void token(boolean loose, int bytes) {
    looseTokens |= loose;
    prompt(bytes);
  }

  void endTokens(String path, int count) {
    if (count == 0) {
      throw bad(path, "invalid_value", "`%s` must not be empty.".formatted(path));
    }
  }

  void endTexts(int count) {
    inputs = looseTokens ? 1 : count;
  }

  void encoding(@Nullable String name, Span at) {
    encodingAt = at;
    encoding =
        switch (name) {
          case "float" -> Encoding.FLOAT;
          case "base64" -> Encoding.BASE64;
          case null, default ->
              throw bad(
                  "encoding_format",
                  "invalid_value",
                  "`encoding_format` must be `float` or `base64`.");
        };
  }

  /// Null when it is longer than names are; nobody is refused for that.
  void user(@Nullable String name) {
    user = name;
  }

  void root(int start) {
    rootStart = start;
  }

  void endRoot(int end) {
    rootEnd = end;
  }

  ScannedRequest result(int bodyBytes, PromptBlocks prompt) {
    String param = kind.promptParam();
    if (model == null || modelAt == null || model.isBlank()) {
      throw bad("model", "missing", "`model` is missing: name one of those that /v1/models lists.");
    }
    if (inputs == 0) {
      throw bad(param, "missing", "`%s` is missing or empty.".formatted(param));
    }
    if (kind == EndpointKind.COMPLETION && inputs > 1) {
      throw bad(
          param,
          "unsupported_value",
          "`prompt` must be one prompt: several in one request are not taken yet.");
    }
    if (streamOptionsGiven && !stream) {
      throw bad(
          "stream_options",
          "invalid_value",
          "`stream_options` is only allowed when `stream` is true.");
    }
    Places places =
        new Places(
            bodyBytes,
            new Span(rootStart, rootEnd),
            modelAt,
            Optional.ofNullable(streamAt),
            Optional.ofNullable(streamOptionsAt),
            Optional.ofNullable(includeUsageAt),
            streamOptionsForm,
            Optional.ofNullable(encodingAt));
    return new ScannedRequest(
        kind,
        model,
        stream,
        includeUsage,
        maxTokens,
        tools,
        promptBytes,
        prompt,
        certainBytes / MOST_BYTES_OF_A_TOKEN,
        inputs,
        encoding,
        Optional.ofNullable(user),
        places);
  }
}
