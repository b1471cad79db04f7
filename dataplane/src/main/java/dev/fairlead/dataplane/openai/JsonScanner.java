package dev.fairlead.dataplane.openai;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259) that arrives in pieces, without keeping it: reports where values lie and
/// only the texts that are wanted and short. Strict: invalid UTF-8, lone surrogates and numbers of
/// more than 256 characters are errors, because engines choke on them. Used by one thread at a
/// time.
///
/// Nearly all of a long body is the inside of strings, which {@link StringRun} skips by words; all
/// the rest goes through a state machine a byte at a time, which may stop after any byte.
final class JsonScanner {
  private static final int LONGEST_NUMBER = 256;

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
    ESCAPE,
    HEX,
    LOW_SURROGATE,
    LOW_SURROGATE_U,
    CONTINUATION,
    LITERAL,
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS,
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
  private final TextCapture text = new TextCapture();
  private int hexDigits;
  private int hexValue;
  private int highSurrogate;
  private int continuations;
  private int lowest;
  private int highest;

  private Literal literal = Literal.NULL;
  private long number;
  private boolean whole;
  private boolean negative;

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
      if (state == State.STRING) {
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
    if (state.compareTo(State.MINUS) >= 0 && state.compareTo(State.EXPONENT_DIGITS) <= 0) {
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
      case ESCAPE -> escape(b);
      case HEX -> hex(b);
      case LOW_SURROGATE -> lowSurrogate(b, '\\', State.LOW_SURROGATE_U);
      case LOW_SURROGATE_U -> lowSurrogate(b, 'u', State.HEX);
      case CONTINUATION -> continuation(b);
      case LITERAL -> literal(b);
      case MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS ->
          number(b);
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
      case '-' -> beginNumber(State.MINUS, 0);
      case '0' -> beginNumber(State.ZERO, 0);
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> beginNumber(State.INTEGER, b - '0');
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
    text.begin(wanted, key ? null : handler.prompt());
    highSurrogate = 0;
    state = State.STRING;
  }

  private void string(int b) {
    if (b == '"') {
      endString();
    } else if (b == '\\') {
      state = State.ESCAPE;
    } else if (b < 0x20) {
      throw invalid("a control character in a string must be escaped");
    } else {
      lead(b);
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

  // The table of well-formed UTF-8 in Unicode 16, 3.9 (table 3-7).
  private void lead(int b) {
    lowest = 0x80;
    highest = 0xBF;
    if (b >= 0xC2 && b <= 0xDF) {
      continuations = 1;
    } else if (b >= 0xE0 && b <= 0xEF) {
      continuations = 2;
      lowest = b == 0xE0 ? 0xA0 : 0x80;
      highest = b == 0xED ? 0x9F : 0xBF;
    } else if (b >= 0xF0 && b <= 0xF4) {
      continuations = 3;
      lowest = b == 0xF0 ? 0x90 : 0x80;
      highest = b == 0xF4 ? 0x8F : 0xBF;
    } else {
      throw invalid("invalid UTF-8");
    }
    text.add(b);
    state = State.CONTINUATION;
  }

  private void continuation(int b) {
    if (b < lowest || b > highest) {
      throw invalid("invalid UTF-8");
    }
    lowest = 0x80;
    highest = 0xBF;
    text.add(b);
    continuations--;
    if (continuations == 0) {
      state = State.STRING;
      checkStringLength();
    }
  }

  private void escape(int b) {
    switch (b) {
      case '"', '\\', '/' -> text.add(b);
      case 'b' -> text.add('\b');
      case 'f' -> text.add('\f');
      case 'n' -> text.add('\n');
      case 'r' -> text.add('\r');
      case 't' -> text.add('\t');
      case 'u' -> {
        hexDigits = 0;
        hexValue = 0;
        state = State.HEX;
        return;
      }
      default -> throw invalid("an unknown escape");
    }
    state = State.STRING;
    checkStringLength();
  }

  private void hex(int b) {
    int digit = Character.digit(b, 16);
    if (digit < 0 || b > 0x7F) {
      throw invalid("four hex digits were expected");
    }
    hexValue = (hexValue << 4) | digit;
    hexDigits++;
    if (hexDigits == 4) {
      codeUnit();
      checkStringLength();
    }
  }

  private void codeUnit() {
    char unit = (char) hexValue;
    if (highSurrogate != 0) {
      if (!Character.isLowSurrogate(unit)) {
        throw invalid("a lone surrogate");
      }
      text.addCodePoint(Character.toCodePoint((char) highSurrogate, unit));
      highSurrogate = 0;
      state = State.STRING;
    } else if (Character.isHighSurrogate(unit)) {
      highSurrogate = unit;
      state = State.LOW_SURROGATE;
    } else if (Character.isLowSurrogate(unit)) {
      throw invalid("a lone surrogate");
    } else {
      text.addCodePoint(unit);
      state = State.STRING;
    }
  }

  private void lowSurrogate(int b, char expected, State next) {
    if (b != expected) {
      throw invalid("a lone surrogate");
    }
    hexDigits = 0;
    hexValue = 0;
    state = next;
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

  private void beginNumber(State first, int digit) {
    number = digit;
    negative = first == State.MINUS;
    whole = true;
    state = first;
  }

  private void number(int b) {
    if (offset - start >= LONGEST_NUMBER) {
      throw invalid("a number of more than " + LONGEST_NUMBER + " characters");
    }
    State next = b >= '0' && b <= '9' ? digit(b - '0') : noDigit(b);
    if (next == State.AFTER_VALUE) {
      endValue();
      handler.number(negative ? -number : number, whole);
      step(b);
    } else {
      state = next;
    }
  }

  private State digit(int digit) {
    return switch (state) {
      case MINUS, INTEGER -> {
        if (number > (Long.MAX_VALUE - digit) / 10) {
          whole = false;
        } else {
          number = number * 10 + digit;
        }
        yield state == State.MINUS && digit == 0 ? State.ZERO : State.INTEGER;
      }
      case POINT, FRACTION -> State.FRACTION;
      case EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> State.EXPONENT_DIGITS;
      default -> throw invalid("a number begins with 0");
    };
  }

  private State noDigit(int b) {
    if (state == State.EXPONENT && (b == '+' || b == '-')) {
      return State.EXPONENT_SIGN;
    }
    boolean complete =
        switch (state) {
          case ZERO, INTEGER, FRACTION, EXPONENT_DIGITS -> true;
          default -> false;
        };
    if (!complete) {
      throw invalid("a digit was expected");
    }
    boolean exponent = (b == 'e' || b == 'E') && state != State.EXPONENT_DIGITS;
    boolean point = b == '.' && (state == State.ZERO || state == State.INTEGER);
    whole &= !exponent && !point;
    if (exponent) {
      return State.EXPONENT;
    }
    return point ? State.POINT : State.AFTER_VALUE;
  }
}
