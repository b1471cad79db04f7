package dev.fairlead.dataplane.openai;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The inside of a JSON string, but for the plain runs that {@link StringRun} skips: escapes, and
/// UTF-8 of more than one byte. It takes a byte at a time and may stop after any. Strict: invalid
/// UTF-8 and lone surrogates are errors. Used by one thread at a time.
final class JsonString {
  private enum State {
    PLAIN,
    ESCAPE,
    HEX,
    LOW_SURROGATE,
    LOW_SURROGATE_U,
    CONTINUATION
  }

  private final Function<String, Refusal> invalid;
  private final TextCapture text = new TextCapture();
  private State state = State.PLAIN;
  private int hexDigits;
  private int hexValue;
  private int highSurrogate;
  private int continuations;
  private int lowest;
  private int highest;

  /// @param invalid the refusal that says what is wrong at the byte that is being read
  JsonString(Function<String, Refusal> invalid) {
    this.invalid = invalid;
  }

  /// What is kept of the text.
  TextCapture text() {
    return text;
  }

  /// Behind the opening quote.
  ///
  /// @param prompt gets the text too
  void begin(boolean wanted, @Nullable PromptLane prompt) {
    text.begin(wanted, prompt);
    highSurrogate = 0;
    state = State.PLAIN;
  }

  /// Whether it is at a byte of its own: a run may be skipped here, and a quote ends the string.
  boolean plain() {
    return state == State.PLAIN;
  }

  void accept(int b) {
    switch (state) {
      case PLAIN -> first(b);
      case ESCAPE -> escape(b);
      case HEX -> hex(b);
      case LOW_SURROGATE -> lowSurrogate(b, '\\', State.LOW_SURROGATE_U);
      case LOW_SURROGATE_U -> lowSurrogate(b, 'u', State.HEX);
      case CONTINUATION -> continuation(b);
    }
  }

  private void first(int b) {
    if (b == '\\') {
      state = State.ESCAPE;
    } else if (b < 0x20) {
      throw invalid.apply("a control character in a string must be escaped");
    } else {
      lead(b);
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
      throw invalid.apply("invalid UTF-8");
    }
    text.add(b);
    state = State.CONTINUATION;
  }

  private void continuation(int b) {
    if (b < lowest || b > highest) {
      throw invalid.apply("invalid UTF-8");
    }
    lowest = 0x80;
    highest = 0xBF;
    text.add(b);
    continuations--;
    if (continuations == 0) {
      state = State.PLAIN;
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
      default -> throw invalid.apply("an unknown escape");
    }
    state = State.PLAIN;
  }

  private void hex(int b) {
    int digit = Character.digit(b, 16);
    if (digit < 0 || b > 0x7F) {
      throw invalid.apply("four hex digits were expected");
    }
    hexValue = (hexValue << 4) | digit;
    hexDigits++;
    if (hexDigits == 4) {
      codeUnit();
    }
  }

  private void codeUnit() {
    char unit = (char) hexValue;
    if (highSurrogate != 0) {
      if (!Character.isLowSurrogate(unit)) {
        throw invalid.apply("a lone surrogate");
      }
      text.addCodePoint(Character.toCodePoint((char) highSurrogate, unit));
      highSurrogate = 0;
      state = State.PLAIN;
    } else if (Character.isHighSurrogate(unit)) {
      highSurrogate = unit;
      state = State.LOW_SURROGATE;
    } else if (Character.isLowSurrogate(unit)) {
      throw invalid.apply("a lone surrogate");
    } else {
      text.addCodePoint(unit);
      state = State.PLAIN;
    }
  }

  private void lowSurrogate(int b, char expected, State next) {
    if (b != expected) {
      throw invalid.apply("a lone surrogate");
    }
    hexDigits = 0;
    hexValue = 0;
    state = next;
  }
}
