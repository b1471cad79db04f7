package dev.fairlead.engines.fake;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What shall go wrong with one request. A test plans it with {@link FakeEngine#fail}, a client
/// asks for it by a last user message such as `fake:crash after=3` (or a prompt, for completions).
///
/// @param number the value of `after`, `rate`, `n`, `ms` or `code`, whichever the kind has
public record Fault(Kind kind, int number) {

  /// The kinds; the name in a message is in lower case with dashes: `fake:no-finish after=2`.
  public enum Kind {
    /// The process ends with code 139 after so many tokens (in a test: every connection is reset).
    CRASH("after", 1),
    /// The prompt is never finished; only the client's leaving ends it.
    HANG("ms", 0),
    /// So many tokens a second.
    SLOW("rate", 10),
    /// An answer of so many tokens.
    TOKENS("n", 100),
    /// The prompt takes so many milliseconds.
    PREFILL("ms", 1000),
    /// Half a JSON object as an event after so many tokens, then the rest of the answer.
    GARBAGE("after", 1),
    /// An error page of a proxy, status 500.
    HTML500("code", 500),
    /// An error object with this status.
    STATUS("code", 503),
    /// An error event after so many tokens, then a clean end without `[DONE]`.
    ERROR("after", 1),
    /// As `ERROR`, in an event that is named `error` too.
    NAMED_ERROR("after", 1),
    /// A clean end after so many tokens, without `finish_reason` and `[DONE]`.
    NO_FINISH("after", 1),
    /// A reset of the connection after so many tokens.
    CUT("after", 1),
    /// Tool calls whose every fragment repeats id and name.
    TOOL_REPEATED("after", 0),
    /// Tool calls without an index.
    TOOL_NO_INDEX("after", 0),
    /// Vectors as base64 that nobody asked for; the first text to embed asks for it.
    BASE64("n", 0);

    private final String key;
    private final int usual;

    Kind(String key, int usual) {
      this.key = key;
      this.usual = usual;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final String PREFIX = "fake:";

  /// The fault that a message asks for.
  public static Optional<Fault> in(String message) {
    if (!message.startsWith(PREFIX)) {
      return Optional.empty();
    }
    var words = List.of(message.substring(PREFIX.length()).strip().split("\\s+", -1));
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(words.getFirst())) {
        Map<String, Integer> numbers = numbers(words.subList(1, words.size()));
        return Optional.of(new Fault(kind, numbers.getOrDefault(kind.key, kind.usual)));
      }
    }
    throw new IllegalArgumentException("There is no fault " + words.getFirst());
  }

  /// The message that asks for this fault.
  public String message() {
    return "%s%s %s=%d".formatted(PREFIX, kind.word(), kind.key, number);
  }

  private static Map<String, Integer> numbers(List<String> words) {
    var numbers = new HashMap<String, Integer>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        numbers.put(word.substring(0, equals), Integer.parseInt(word.substring(equals + 1)));
      }
    }
    return numbers;
  }
}
