package dev.fairlead.dataplane.openai;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259) that arrives in pieces, without keeping it: reports where values lie and
/// only the texts that are wanted and short. Strict: invalid UTF-8, lone surrogates and numbers of
/// more than 256 characters are errors, because engines choke on them. Used by one thread at a
/// time.
///
/// Nearly all of a long body is the inside of strings, which {@link StringRun} skips by words; all
/// the rest goes through state machines a byte at a time, which may stop after any byte: {@link
/// JsonString} and {@link JsonNumber} for those two, this class for everything around them.
final class JsonScanner {
  /// Who is told. Offsets count from the first byte; an `end` is behind the last byte of a value.
  interface Handler {
    /// Whether the text of the string value that begins now is wanted.
    boolean wantsText();

    /// Where the text of the string value that begins now goes besides, if anywhere.
    default @Nullable PromptLane prompt() {
      return null;
    }

    void startObject(int start);

    void startArray(int start);

    /// An object or array has ended.
    void endContainer(int end);

    /// A key; null when it is too long to be one that anybody knows.
    void key(@Nullable String key);

    /// A string of `bytes` bytes without its escapes; `text` is null when not wanted or too long.
    void string(@Nullable String text, int bytes, Span at);

    /// A number; `whole` when it is written without fraction and exponent and fits `value`.
    void number(long value, boolean whole);

    void literal(Literal literal, Span at);
  }

  /// The three words of JSON.
  enum Literal {
    TRUE,
    FALSE,
    NULL;

    private final String word = name().toLowerCase(Locale.ROOT);
  }

  private enum State {
    VALUE,
    FIRST_ELEMENT,
    FIRST_KEY,
    KEY,
    COLON,
    AFTER_VALUE,
    STRING,
    LITERAL,
    NUMBER,
    DONE
  }

  private final Handler handler;
  private final int stringLimit;
  private final boolean[] objects;
  private int depth;
  private State state = State.VALUE;
  private int offset;
  private int start;

  private boolean isKey;
  private final JsonString string = new JsonString(this::invalid);
  private final TextCapture text = string.text();
  private final JsonNumber number = new JsonNumber(this::invalid);
  private Literal literal = Literal.NULL;

  JsonScanner(Handler handler, int maxDepth, int maxStringBytes) {
    this.handler = handler;
    this.objects = new boolean[maxDepth];
    this.stringLimit = maxStringBytes;
  }

  /// How many bytes were read.
  int offset() {
    return offset;
  }

  void accept(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (state == State.STRING && string.plain()) {
        int end = StringRun.skip(bytes, i, to, text);
        offset += end - i;
        checkStringLength();
        i = end;
        if (i == to) {
          return;
        }
      }
      step(bytes[i] & 0xFF);
      i++;
      offset++;
    }
  }

  void finish() {
    if (state == State.NUMBER) {
      // Only what follows a number ends it.
      number(' ');
    }
    if (state != State.DONE) {
      throw Refusal.of(
          ApiError.badRequest(
              "The body is not valid JSON: it ends too early, at byte %d.".formatted(offset)));
    }
  }

  private void checkStringLength() {
    if (offset - start > stringLimit) {
      throw Refusal.of(
          ApiError.badRequest(
              "The body has a string of more than %d bytes, at byte %d."
                  .formatted(stringLimit, start)));
    }
  }

  private void step(int b) {
    switch (state) {
      case VALUE -> value(b);
      case FIRST_ELEMENT -> firstElement(b);
      case FIRST_KEY -> firstKey(b);
      case KEY -> key(b);
      case COLON -> colon(b);
      case AFTER_VALUE -> afterValue(b);
      case STRING -> string(b);
      case LITERAL -> literal(b);
      case NUMBER -> number(b);
      case DONE -> {
        if (!isSpace(b)) {
          throw invalid("nothing may follow the object");
        }
      }
    }
  }

  private static boolean isSpace(int b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private Refusal invalid(String what) {
    return Refusal.of(
        ApiError.badRequest("The body is not valid JSON: %s, at byte %d.".formatted(what, offset)));
  }

  private void value(int b) {
    if (isSpace(b)) {
      return;
    }
    start = offset;
    switch (b) {
      case '{' -> {
        push(true);
        handler.startObject(offset);
      }
      case '[' -> {
        push(false);
        handler.startArray(offset);
      }
      case '"' -> beginString(false, handler.wantsText());
      case 't' -> beginLiteral(Literal.TRUE);
      case 'f' -> beginLiteral(Literal.FALSE);
      case 'n' -> beginLiteral(Literal.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        number.begin(b);
        state = State.NUMBER;
      }
      default -> throw invalid("a value was expected");
    }
  }

  private void push(boolean object) {
    if (depth == objects.length) {
      throw Refusal.of(
          ApiError.badRequest(
              "The body is nested more than %d levels deep, at byte %d."
                  .formatted(objects.length, offset)));
    }
    objects[depth++] = object;
    state = object ? State.FIRST_KEY : State.FIRST_ELEMENT;
  }

  private void pop() {
    depth--;
    handler.endContainer(offset + 1);
    endValue();
  }

  private void endValue() {
    state = depth == 0 ? State.DONE : State.AFTER_VALUE;
  }

  private void firstElement(int b) {
    if (b == ']') {
      pop();
    } else {
      value(b);
    }
  }

  private void firstKey(int b) {
    if (b == '}') {
      pop();
    } else {
      key(b);
    }
  }

  private void key(int b) {
    if (b == '"') {
      start = offset;
      beginString(true, true);
    } else if (isSpace(b)) {
      return;
    } else {
      throw invalid("a key was expected");
    }
  }

  private void colon(int b) {
    if (b == ':') {
      state = State.VALUE;
    } else if (!isSpace(b)) {
      throw invalid("a colon was expected");
    }
  }

  private void afterValue(int b) {
    if (isSpace(b)) {
      return;
    }
    boolean object = objects[depth - 1];
    if (b == ',') {
      state = object ? State.KEY : State.VALUE;
    } else if (b == (object ? '}' : ']')) {
      pop();
    } else {
      throw invalid(object ? "a comma or } was expected" : "a comma or ] was expected");
    }
  }

  private void beginString(boolean key, boolean wanted) {
    isKey = key;
    string.begin(wanted, key ? null : handler.prompt());
    state = State.STRING;
  }

  private void string(int b) {
    if (!string.plain()) {
      string.accept(b);
      if (string.plain()) {
        checkStringLength();
      }
    } else if (b == '"') {
      endString();
    } else {
      string.accept(b);
    }
  }

  private void endString() {
    if (isKey) {
      state = State.COLON;
      handler.key(text.text());
    } else {
      endValue();
      handler.string(text.text(), text.bytes(), new Span(start, offset + 1));
    }
  }

  private void beginLiteral(Literal word) {
    literal = word;
    state = State.LITERAL;
  }

  private void literal(int b) {
    int index = offset - start;
    if (b != literal.word.charAt(index)) {
      throw invalid("a value was expected");
    }
    if (index == literal.word.length() - 1) {
      endValue();
      handler.literal(literal, new Span(start, offset + 1));
    }
  }

  private void number(int b) {
    if (!number.accept(b)) {
      endValue();
      handler.number(number.value(), number.whole());
      step(b);
    }
  }
}
