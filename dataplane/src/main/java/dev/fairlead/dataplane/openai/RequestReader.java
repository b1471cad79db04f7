package dev.fairlead.dataplane.openai;

import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.dataplane.openai.JsonScanner.Literal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Picks the keys that matter out of a request body as {@link JsonScanner} walks over it, and
/// checks shapes that engines take silently or answer with a 500. Knows where it is by one {@link
/// Place} for each level; what it finds goes into {@link RequestFindings}. Unknown keys are not
/// looked at.
final class RequestReader implements JsonScanner.Handler {
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");
  private static final int TOKEN_ID_BYTES = 4;
  private static final int OTHER_KEY = 1 << 31;

  /// What a container is, with the keys that are read in it.
  private enum Place {
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
    ANTHROPIC("model", "messages", "system", "stream", "max_tokens", "stop_sequences", "tools"),
    RERANK("model", "query", "documents"),
    STREAM_OPTIONS("include_usage"),
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

    Place(String... keys) {
      this.keys = List.of(keys);
    }
  }

  private final EndpointKind kind;
  private final ScanLimits limits;
  private final RequestFindings found;
  private final Place[] places;
  private final @Nullable String[] keys;
  private final int[] elements;
  private final int[] seen;
  private int depth;

  private @Nullable String role;
  private boolean hasContent;
  private int messageBytes;
  private @Nullable String toolType;
  private boolean toolNamed;
  private int toolsStart;

  RequestReader(EndpointKind kind, ScanLimits limits) {
    this.kind = kind;
    this.limits = limits;
    this.found = new RequestFindings(kind, limits);
    this.places = new Place[limits.depth() + 1];
    this.keys = new String[limits.depth() + 1];
    this.elements = new int[limits.depth() + 1];
    this.seen = new int[limits.depth() + 1];
    places[0] = Place.IGNORED;
  }

  ScannedRequest result(int bodyBytes, PromptBlocks prompt) {
    return found.result(bodyBytes, prompt);
  }

  private Place place() {
    return places[depth];
  }

  private String key() {
    String key = keys[depth];
    return key == null ? "" : key;
  }

  /// The way to the value that is being read, such as `messages[2].role`.
  private String path() {
    StringBuilder path = new StringBuilder();
    for (int level = 1; level <= depth; level++) {
      if (elements[level] > 0) {
        path.append('[').append(elements[level] - 1).append(']');
      } else if (keys[level] != null) {
        path.append(level == 1 ? "" : ".").append(keys[level]);
      }
    }
    return path.toString();
  }

  private Refusal wrongType(String expected) {
    String path = path();
    return Refusal.of(
        ApiError.badParameter(path, "invalid_type", "`%s` must be %s.".formatted(path, expected)));
  }

  private Refusal tooMany(String what, int limit) {
    return Refusal.of(
        ApiError.badParameter(
            key1(), "too_many", "`%s` has more than %d %s.".formatted(key1(), limit, what)));
  }

  private String key1() {
    String key = keys[1];
    return key == null ? "" : key;
  }

  @Override
  public void key(@Nullable String key) {
    int index = key == null ? -1 : place().keys.indexOf(key);
    keys[depth] = index < 0 ? null : key;
    if (index < 0) {
      seen[depth] |= OTHER_KEY;
      return;
    }
    if ((seen[depth] & (1 << index)) != 0) {
      String path = path();
      throw Refusal.of(
          ApiError.badParameter(
              path, "duplicate_key", "`%s` is there more than once.".formatted(path)));
    }
    seen[depth] |= 1 << index;
  }

  @Override
  public boolean wantsText() {
    return switch (place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK ->
          "model".equals(keys[1]) || "user".equals(keys[1]) || key().startsWith("encoding");
      case MESSAGE, ITEM -> "role".equals(keys[depth]);
      case TOOL, FUNCTION -> keys[depth] != null;
      default -> false;
    };
  }

  @Override
  public void startObject(int start) {
    if (depth == 0) {
      found.root(start);
      enter(root());
      return;
    }
    nextElement();
    enter(objectPlace());
    switch (place()) {
      case STREAM_OPTIONS -> found.streamOptions(new Span(start, start + 1));
      case MESSAGE, ITEM -> {
        role = null;
        hasContent = false;
        messageBytes = 0;
      }
      case TOOL -> {
        toolType = null;
        toolNamed = false;
      }
      default -> {}
    }
  }

  private Place root() {
    return switch (kind) {
      case CHAT -> Place.CHAT;
      case COMPLETION -> Place.COMPLETION;
      case EMBEDDING -> Place.EMBEDDING;
      case RESPONSES -> Place.RESPONSES;
      case MESSAGES -> Place.ANTHROPIC;
      case RERANK -> Place.RERANK;
    };
  }

  private void enter(Place place) {
    depth++;
    places[depth] = place;
    keys[depth] = null;
    elements[depth] = 0;
    seen[depth] = 0;
  }

  private Place objectPlace() {
    return switch (place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK ->
          switch (key()) {
            case "" -> Place.IGNORED;
            case "stream_options" -> Place.STREAM_OPTIONS;
            case "conversation" -> throw notKept();
            default -> throw wrongType(expectedAtRoot());
          };
      case MESSAGES -> Place.MESSAGE;
      case ITEMS -> Place.ITEM;
      case CONTENT -> Place.PART;
      case TOOLS -> Place.TOOL;
      case FLAT_TOOLS -> Place.IGNORED;
      case TOOL -> {
        if (key().equals("function")) {
          yield Place.FUNCTION;
        }
        yield below("a string");
      }
      case MESSAGE, ITEM -> below(expectedInMessage());
      case STREAM_OPTIONS -> below("a boolean");
      case PART -> key().equals("input") ? Place.COUNTED : below("a string");
      case FUNCTION -> below("a string");
      case STOP, TEXTS -> throw wrongType("a string");
      case TOKENS -> throw wrongType("an integer");
      case COUNTED -> Place.COUNTED;
      case IGNORED -> Place.IGNORED;
    };
  }

  /// Where one is below a key that is not read; a key that is read has another type.
  private Place below(String expected) {
    if (!key().isEmpty()) {
      throw wrongType(expected);
    }
    return Place.IGNORED;
  }

  @Override
  public void startArray(int start) {
    if (depth == 0) {
      throw Refusal.of(ApiError.badRequest("The body must be a JSON object."));
    }
    nextElement();
    if (depth == 1 && key().equals("tools")) {
      toolsStart = start;
    }
    enter(arrayPlace());
  }

  private Place arrayPlace() {
    return switch (place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK ->
          switch (key()) {
            case "" -> Place.IGNORED;
            case "messages" -> Place.MESSAGES;
            case "stop", "stop_sequences" -> Place.STOP;
            case "tools" -> kind == EndpointKind.CHAT ? Place.TOOLS : Place.FLAT_TOOLS;
            case "input" -> kind == EndpointKind.RESPONSES ? Place.ITEMS : Place.TEXTS;
            case "prompt", "documents" -> Place.TEXTS;
            case "system" -> Place.CONTENT;
            default -> throw wrongType(expectedAtRoot());
          };
      case MESSAGE ->
          switch (key()) {
            case "content" -> {
              hasContent = true;
              yield Place.CONTENT;
            }
            case "tool_calls" -> Place.COUNTED;
            default -> below(expectedInMessage());
          };
      case ITEM ->
          key().equals("content") || key().equals("output") ? Place.CONTENT : below("a string");
      case TEXTS -> {
        if (kind == EndpointKind.RERANK) {
          throw wrongType("a string");
        }
        yield Place.TOKENS;
      }
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS -> throw wrongType("an object");
      case TOOL -> below(key().equals("function") ? "an object" : "a string");
      case STREAM_OPTIONS -> below("a boolean");
      case PART -> key().equals("content") ? Place.CONTENT : below("a string");
      case FUNCTION -> below("a string");
      case STOP -> throw wrongType("a string");
      case TOKENS -> throw wrongType("an integer");
      case COUNTED -> Place.COUNTED;
      case IGNORED -> Place.IGNORED;
    };
  }

  private void nextElement() {
    elements[depth]++;
    int count = elements[depth];
    switch (place()) {
      case MESSAGES -> {
        checkCount(count, limits.messages(), "messages");
        found.input();
      }
      case ITEMS -> {
        checkCount(count, limits.messages(), "items");
        found.input();
      }
      case TEXTS -> checkCount(count, limits.inputs(), "elements");
      case STOP -> checkCount(count, limits.stop(), "sequences");
      case TOOLS, FLAT_TOOLS -> checkCount(count, limits.tools(), "tools");
      case CONTENT, TOKENS -> {}
      default -> elements[depth] = 0;
    }
  }

  private void checkCount(int count, int limit, String what) {
    if (count > limit) {
      throw tooMany(what, limit);
    }
  }

  @Override
  public void endContainer(int end) {
    Place ended = place();
    int count = elements[depth];
    boolean empty = seen[depth] == 0;
    boolean asked = (seen[depth] & 1 << Place.RERANK.keys.indexOf("query")) != 0;
    depth--;
    if (ended == Place.RERANK && !asked) {
      throw missing("query");
    }
    switch (ended) {
      case STREAM_OPTIONS -> found.endStreamOptions(end, empty);
      case MESSAGE -> endMessage();
      case ITEM -> certainUnlessOmitted();
      case TOOL -> endTool();
      case TOOLS, FLAT_TOOLS -> found.tools(count, end - toolsStart);
      case TEXTS -> found.endTexts(count);
      case TOKENS -> found.endTokens(path(), count);
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK -> found.endRoot(end);
      default -> {}
    }
  }

  private void endMessage() {
    if (role == null) {
      throw missing(path() + ".role");
    }
    if (!hasContent && !role.equals("assistant")) {
      throw missing(path() + ".content");
    }
    certainUnlessOmitted();
  }

  /// What the assistant said is left out of the prompt by some templates, in part.
  private void certainUnlessOmitted() {
    if (!"assistant".equals(role)) {
      found.certain(messageBytes);
    }
  }

  private void text(int bytes) {
    messageBytes += bytes;
    found.prompt(bytes);
  }

  private Refusal notKept() {
    String path = path();
    return Refusal.of(
        ApiError.badParameter(
            path,
            "unsupported_value",
            "`%s` is not possible: nothing is stored here. Send the whole conversation in `input`."
                .formatted(path)));
  }

  private void endTool() {
    if (toolType == null) {
      throw missing(path() + ".type");
    }
    if (toolType.equals("function") && !toolNamed) {
      throw missing(path() + ".function.name");
    }
  }

  private static Refusal missing(String path) {
    return Refusal.of(ApiError.badParameter(path, "missing", "`%s` is missing.".formatted(path)));
  }

  @Override
  public void string(@Nullable String text, int bytes, Span at) {
    scalar();
    switch (place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK -> rootString(text, bytes, at);
      case MESSAGE -> messageString(text, bytes);
      case PART -> {
        if (key().equals("text") || key().equals("content")) {
          text(bytes);
        }
      }
      case ITEM -> {
        switch (key()) {
          case "role" -> role = text;
          case "" -> {}
          default -> text(bytes);
        }
      }
      case TOOL -> {
        if (key().equals("type")) {
          toolType = text == null ? "" : text;
        } else {
          below("an object");
        }
      }
      case FUNCTION -> toolNamed |= key().equals("name") && bytes > 0;
      case TEXTS -> found.text(path(), bytes);
      case COUNTED -> found.prompt(bytes);
      case STREAM_OPTIONS -> below("a boolean");
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS -> throw wrongType("an object");
      case TOKENS -> throw wrongType("an integer");
      case STOP, IGNORED -> {}
    }
  }

  private void rootString(@Nullable String text, int bytes, Span at) {
    switch (key()) {
      case "", "stop" -> {}
      case "model" -> found.model(text, at);
      case "prompt", "input" -> {
        found.text(path(), bytes);
        found.input();
      }
      case "instructions", "system" -> {
        found.prompt(bytes);
        found.certain(bytes);
      }
      case "query" -> found.prompt(bytes);
      case "previous_response_id", "conversation" -> throw notKept();
      case "encoding_format" -> found.encoding(text, at);
      case "user" -> found.user(text);
      default -> throw wrongType(expectedAtRoot());
    }
  }

  private void messageString(@Nullable String text, int bytes) {
    switch (key()) {
      case "role" -> {
        if (text == null || !ROLES.contains(text)) {
          String path = path();
          throw Refusal.of(
              ApiError.badParameter(
                  path,
                  "invalid_value",
                  "`%s` must be one of system, developer, user, assistant, tool, function."
                      .formatted(path)));
        }
        role = text;
      }
      case "content" -> {
        hasContent = true;
        text(bytes);
      }
      case "tool_calls" -> throw wrongType("an array");
      default -> {}
    }
  }

  @Override
  public void number(long value, boolean whole) {
    scalar();
    switch (place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK -> {
        switch (key()) {
          case "" -> {}
          case "n" -> found.choices(value, whole);
          case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
              found.maxTokens(key(), value, whole);
          default -> throw wrongType(expectedAtRoot());
        }
      }
      case TEXTS, TOKENS -> {
        if (kind == EndpointKind.RERANK) {
          throw wrongType("a string");
        }
        if (!whole || value < 0) {
          throw wrongType("a token id, which is a whole number");
        }
        found.token(place() == Place.TEXTS, TOKEN_ID_BYTES);
      }
      default -> noScalar(false);
    }
  }

  @Override
  public void literal(Literal literal, Span at) {
    scalar();
    boolean value = literal == Literal.TRUE;
    switch (place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, RERANK -> {
        boolean isStream = key().equals("stream");
        if (isStream) {
          found.stream(value, at);
        } else if (key().equals("background") && !value) {
          // The usual case: the client waits for the answer.
          return;
        } else if (literal != Literal.NULL && !key().isEmpty()) {
          throw wrongType(expectedAtRoot());
        } else if (key().equals("stream_options")) {
          found.nullStreamOptions(at);
        } else if (key().equals("encoding_format")) {
          found.encoding("float", at);
        }
      }
      case STREAM_OPTIONS -> {
        if (key().equals("include_usage")) {
          found.includeUsage(value, at);
        }
      }
      default -> noScalar(literal == Literal.NULL);
    }
  }

  private void scalar() {
    if (depth == 0) {
      throw Refusal.of(ApiError.badRequest("The body must be a JSON object."));
    }
    nextElement();
  }

  /// Refuses a number or literal where a key or element that is read has to be something else.
  private void noScalar(boolean isNull) {
    switch (place()) {
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS -> throw wrongType("an object");
      case STOP, TEXTS -> throw wrongType("a string");
      case TOKENS -> throw wrongType("an integer");
      case STREAM_OPTIONS -> below("a boolean");
      case MESSAGE -> {
        if (!isNull || key().equals("role")) {
          below(expectedInMessage());
        }
      }
      case PART, TOOL, FUNCTION -> below("a string");
      default -> {}
    }
  }

  private String expectedInMessage() {
    return switch (key()) {
      case "content" -> "a string or an array";
      case "tool_calls" -> "an array";
      default -> "a string";
    };
  }

  private String expectedAtRoot() {
    return switch (key()) {
      case "model", "user" -> "a string";
      case "messages", "tools" -> "an array";
      case "stream" -> "a boolean";
      case "stream_options" -> "an object";
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
