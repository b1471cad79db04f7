package dev.fairlead.dataplane.openai;

import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.dataplane.openai.JsonScanner.Literal;
import org.jspecify.annotations.Nullable;

/// Picks the keys that matter out of a request body as {@link JsonScanner} walks over it, and
/// checks shapes that engines take silently or answer with a 500. Knows where it is by a {@link
/// RequestPosition}; what it finds goes into {@link RequestFindings}. Unknown keys are not looked
/// at.
final class RequestReader implements JsonScanner.Handler {
  private static final int TOKEN_ID_BYTES = 4;

  private final EndpointKind kind;
  private final ScanLimits limits;
  private final RequestFindings found;
  private final RequestPosition at;
  private final MessageShape message = new MessageShape();
  private final ToolShape tool = new ToolShape();
  private int toolsStart;

  RequestReader(EndpointKind kind, ScanLimits limits) {
    this.kind = kind;
    this.limits = limits;
    this.found = new RequestFindings(kind, limits);
    this.at = new RequestPosition(limits.depth());
  }

  ScannedRequest result(int bodyBytes, PromptBlocks prompt) {
    return found.result(bodyBytes, prompt);
  }

  @Override
  public void key(@Nullable String key) {
    at.key(key);
  }

  @Override
  public boolean wantsText() {
    return switch (at.place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK ->
          at.key().equals("model") || at.key().equals("user") || at.key().startsWith("encoding");
      case MESSAGE, ITEM -> at.key().equals("role");
      case TOOL, FUNCTION, METADATA -> !at.key().isEmpty();
      default -> false;
    };
  }

  @Override
  public void startObject(int start) {
    if (at.depth() == 0) {
      found.root(start);
      at.enter(RequestPlace.root(kind));
      return;
    }
    nextElement();
    at.enter(objectPlace());
    switch (at.place()) {
      case STREAM_OPTIONS -> found.streamOptions(new Span(start, start + 1));
      case MESSAGE, ITEM -> message.begin();
      case TOOL -> tool.begin();
      default -> {}
    }
  }

  private RequestPlace objectPlace() {
    return switch (at.place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK ->
          switch (at.key()) {
            case "" -> RequestPlace.IGNORED;
            case "stream_options" -> RequestPlace.STREAM_OPTIONS;
            case "metadata" -> RequestPlace.METADATA;
            case "conversation" -> throw at.notKept();
            default -> throw at.wrongType();
          };
      case MESSAGES -> RequestPlace.MESSAGE;
      case ITEMS -> RequestPlace.ITEM;
      case CONTENT -> RequestPlace.PART;
      case TOOLS -> RequestPlace.TOOL;
      case FLAT_TOOLS -> RequestPlace.IGNORED;
      case TOOL -> at.key().equals("function") ? RequestPlace.FUNCTION : at.below();
      case PART -> at.key().equals("input") ? RequestPlace.COUNTED : at.below();
      case MESSAGE, ITEM, STREAM_OPTIONS, FUNCTION, METADATA -> at.below();
      case STOP, TEXTS, TOKENS -> throw at.wrongType();
      case COUNTED -> RequestPlace.COUNTED;
      case IGNORED -> RequestPlace.IGNORED;
    };
  }

  @Override
  public void startArray(int start) {
    if (at.depth() == 0) {
      throw Refusal.of(ApiError.badRequest("The body must be a JSON object."));
    }
    nextElement();
    if (at.depth() == 1 && at.key().equals("tools")) {
      toolsStart = start;
    }
    at.enter(arrayPlace());
  }

  private RequestPlace arrayPlace() {
    return switch (at.place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK -> arrayAtRoot();
      case MESSAGE ->
          switch (at.key()) {
            case "content" -> {
              message.content();
              yield RequestPlace.CONTENT;
            }
            case "tool_calls" -> RequestPlace.COUNTED;
            default -> at.below();
          };
      case ITEM ->
          at.key().equals("content") || at.key().equals("output")
              ? RequestPlace.CONTENT
              : at.below();
      case TEXTS -> {
        if (kind == EndpointKind.RERANK) {
          throw at.wrongType();
        }
        yield RequestPlace.TOKENS;
      }
      case PART -> at.key().equals("content") ? RequestPlace.CONTENT : at.below();
      case TOOL, STREAM_OPTIONS, FUNCTION, METADATA -> at.below();
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS, STOP, TOKENS -> throw at.wrongType();
      case COUNTED -> RequestPlace.COUNTED;
      case IGNORED -> RequestPlace.IGNORED;
    };
  }

  private RequestPlace arrayAtRoot() {
    return switch (at.key()) {
      case "" -> RequestPlace.IGNORED;
      case "messages" -> RequestPlace.MESSAGES;
      case "stop", "stop_sequences" -> RequestPlace.STOP;
      case "tools" -> kind == EndpointKind.CHAT ? RequestPlace.TOOLS : RequestPlace.FLAT_TOOLS;
      case "input" -> kind == EndpointKind.RESPONSES ? RequestPlace.ITEMS : RequestPlace.TEXTS;
      case "prompt", "documents" -> RequestPlace.TEXTS;
      case "system" -> RequestPlace.CONTENT;
      default -> throw at.wrongType();
    };
  }

  private void nextElement() {
    int count = at.nextElement();
    switch (at.place()) {
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
      default -> at.noElements();
    }
  }

  private void checkCount(int count, int limit, String what) {
    if (count > limit) {
      throw at.tooMany(what, limit);
    }
  }

  @Override
  public void endContainer(int end) {
    RequestPlace ended = at.place();
    int count = at.elements();
    boolean empty = at.empty();
    boolean asked = ended != RequestPlace.RERANK || at.had("query");
    at.leave();
    if (!asked) {
      throw at.missing("query");
    }
    switch (ended) {
      case STREAM_OPTIONS -> found.endStreamOptions(end, empty);
      case MESSAGE -> {
        message.check(at);
        found.certain(message.certainBytes());
      }
      case ITEM -> found.certain(message.certainBytes());
      case TOOL -> tool.check(at);
      case TOOLS, FLAT_TOOLS -> found.tools(count, end - toolsStart);
      case TEXTS -> found.endTexts(count);
      case TOKENS -> found.endTokens(at.path(), count);
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK -> found.endRoot(end);
      default -> {}
    }
  }

  private void text(int bytes) {
    message.text(bytes);
    found.prompt(bytes);
  }

  @Override
  public void string(@Nullable String text, int bytes, Span span) {
    scalar();
    switch (at.place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK ->
          rootString(text, bytes, span);
      case MESSAGE -> messageString(text, bytes);
      case PART -> {
        if (at.key().equals("text") || at.key().equals("content")) {
          text(bytes);
        }
      }
      case ITEM -> {
        switch (at.key()) {
          case "role" -> message.role(text);
          case "" -> {}
          default -> text(bytes);
        }
      }
      case TOOL -> {
        if (at.key().equals("type")) {
          tool.type(text);
        } else {
          at.below();
        }
      }
      case METADATA -> {
        if (at.key().equals("user_id")) {
          found.user(text);
        }
      }
      case FUNCTION -> {
        if (at.key().equals("name") && bytes > 0) {
          tool.named();
        }
      }
      case TEXTS -> found.text(at.path(), bytes);
      case COUNTED -> found.prompt(bytes);
      case STREAM_OPTIONS -> at.below();
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS, TOKENS -> throw at.wrongType();
      case STOP, IGNORED -> {}
    }
  }

  private void rootString(@Nullable String text, int bytes, Span span) {
    switch (at.key()) {
      case "", "stop" -> {}
      case "model" -> found.model(text, span);
      case "prompt", "input" -> {
        found.text(at.path(), bytes);
        found.input();
      }
      case "instructions", "system" -> {
        found.prompt(bytes);
        found.certain(bytes);
      }
      case "query" -> found.prompt(bytes);
      case "previous_response_id", "conversation" -> throw at.notKept();
      case "encoding_format" -> found.encoding(text, span);
      case "user" -> found.user(text);
      default -> throw at.wrongType();
    }
  }

  private void messageString(@Nullable String text, int bytes) {
    switch (at.key()) {
      case "role" -> message.knownRole(text, at);
      case "content" -> {
        message.content();
        text(bytes);
      }
      case "tool_calls" -> throw at.wrongType();
      default -> {}
    }
  }

  @Override
  public void number(long value, boolean whole) {
    scalar();
    switch (at.place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK -> {
        switch (at.key()) {
          case "" -> {}
          case "n" -> found.choices(value, whole);
          case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
              found.maxTokens(at.key(), value, whole);
          default -> throw at.wrongType();
        }
      }
      case TEXTS, TOKENS -> {
        if (kind == EndpointKind.RERANK) {
          throw at.wrongType("a string");
        }
        if (!whole || value < 0) {
          throw at.wrongType("a token id, which is a whole number");
        }
        found.token(at.place() == RequestPlace.TEXTS, TOKEN_ID_BYTES);
      }
      default -> noScalar(false);
    }
  }

  @Override
  public void literal(Literal literal, Span span) {
    scalar();
    boolean value = literal == Literal.TRUE;
    switch (at.place()) {
      case CHAT, COMPLETION, EMBEDDING, RESPONSES, ANTHROPIC, COUNT, RERANK ->
          rootLiteral(literal, value, span);
      case STREAM_OPTIONS -> {
        if (at.key().equals("include_usage")) {
          found.includeUsage(value, span);
        }
      }
      default -> noScalar(literal == Literal.NULL);
    }
  }

  private void rootLiteral(Literal literal, boolean value, Span span) {
    String key = at.key();
    if (key.equals("stream")) {
      found.stream(value, span);
    } else if (key.equals("background") && !value) {
      // The usual case: the client waits for the answer.
      return;
    } else if (literal != Literal.NULL && !key.isEmpty()) {
      throw at.wrongType();
    } else if (key.equals("stream_options")) {
      found.nullStreamOptions(span);
    } else if (key.equals("encoding_format")) {
      found.encoding("float", span);
    }
  }

  private void scalar() {
    if (at.depth() == 0) {
      throw Refusal.of(ApiError.badRequest("The body must be a JSON object."));
    }
    nextElement();
  }

  /// Refuses a number or literal where a key or element that is read has to be something else.
  private void noScalar(boolean isNull) {
    switch (at.place()) {
      case MESSAGES, ITEMS, CONTENT, TOOLS, FLAT_TOOLS, STOP, TEXTS, TOKENS -> throw at.wrongType();
      case STREAM_OPTIONS, PART, TOOL, FUNCTION -> at.below();
      case MESSAGE -> {
        if (!isNull || at.key().equals("role")) {
          at.below();
        }
      }
      case METADATA -> {
        if (!isNull) {
          at.below();
        }
      }
      default -> {}
    }
  }
}
