package dev.fairlead.dataplane.openai;

import java.util.function.Function;

/// A JSON number, a byte at a time; only the byte behind it shows that it has ended. Numbers of
/// more than 256 characters are errors. Used by one thread at a time.
final class JsonNumber {
  private static final int LONGEST = 256;

  private enum State {
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS,
    ENDED
  }

  private final Function<String, Refusal> invalid;
  private State state = State.ENDED;
  private int length;
  private long number;
  private boolean whole;
  private boolean negative;

  /// @param invalid the refusal that says what is wrong at the byte that is being read
  JsonNumber(Function<String, Refusal> invalid) {
    this.invalid = invalid;
  }

  /// The first byte, which is a minus or a digit.
  void begin(int b) {
    length = 1;
    number = b == '-' ? 0 : b - '0';
    negative = b == '-';
    whole = true;
    state =
        switch (b) {
          case '-' -> State.MINUS;
          case '0' -> State.ZERO;
          default -> State.INTEGER;
        };
  }

  /// Takes one more byte; false when the number has ended before it.
  boolean accept(int b) {
    state = b >= '0' && b <= '9' ? digit(b - '0') : noDigit(b);
    if (state == State.ENDED) {
      return false;
    }
    if (length >= LONGEST) {
      throw invalid.apply("a number of more than " + LONGEST + " characters");
    }
    length++;
    return true;
  }

  /// What it was, as far as it was whole.
  long value() {
    return negative ? -number : number;
  }

  /// Whether it was written without fraction and exponent and fits `value`.
  boolean whole() {
    return whole;
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
      case ZERO, ENDED -> throw invalid.apply("a number begins with 0");
    };
  }

  private State noDigit(int b) {
    if (state == State.EXPONENT && (b == '+' || b == '-')) {
      return State.EXPONENT_SIGN;
    }
    boolean complete =
        switch (state) {
          case ZERO, INTEGER, FRACTION, EXPONENT_DIGITS -> true;
          case MINUS, POINT, EXPONENT, EXPONENT_SIGN, ENDED -> false;
        };
    if (!complete) {
      throw invalid.apply("a digit was expected");
    }
    boolean exponent = (b == 'e' || b == 'E') && state != State.EXPONENT_DIGITS;
    boolean point = b == '.' && (state == State.ZERO || state == State.INTEGER);
    whole &= !exponent && !point;
    if (exponent) {
      return State.EXPONENT;
    }
    return point ? State.POINT : State.ENDED;
  }
}
