package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// The types of single values that the vocabulary uses.
final class Scalars {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Scalars() {}

  /// A type from its parts: `reader` reports what it refuses.
  private record Type(String label, Reader reader, Function<Object, JsonNode> writer)
      implements FieldType.Scalar {
    @Override
    public Optional<Object> read(Node node, Reading at) {
      return reader.read(node, at);
    }

    @Override
    public JsonNode write(Object value) {
      return writer.apply(value);
    }
  }

  private interface Reader {
    Optional<Object> read(Node node, Reading at);
  }

  /// Any text that is not blank.
  static FieldType text() {
    return text("text", text -> !text.isBlank(), text -> "must not be blank");
  }

  /// Any text, the empty one too.
  static FieldType anyText() {
    return text("text", text -> true, text -> "");
  }

  /// Text that `legal` accepts; `complaint` says what is wrong with one that it does not.
  static FieldType text(String label, Predicate<String> legal, Function<String, String> complaint) {
    return new Type(label, (node, at) -> text(node, at, legal, complaint), Scalars::plain);
  }

  private static Optional<Object> text(
      Node node, Reading at, Predicate<String> legal, Function<String, String> complaint) {
    return switch (node) {
      case Node.Text(String value, _) when legal.test(value) -> Optional.of(value);
      case Node.Text(String value, _) -> at.refuse(node, complaint.apply(value));
      case Node.Numeric(_, String spelling, _) -> unquoted(node, at, spelling);
      case Node.Flag(_, String spelling, _) -> unquoted(node, at, spelling);
      case Node.Nothing _, Node.Sequence _, Node.Mapping _ -> at.expected("text", node);
    };
  }

  private static Optional<Object> unquoted(Node node, Reading at, String spelling) {
    return at.refuse(
        node,
        "expected text, got %s; put it in quotes: \"%s\"".formatted(node.described(), spelling));
  }

  /// A whole number from `min` to `max`.
  static FieldType whole(long min, long max) {
    return new Type(
        range("whole number", min, max), (node, at) -> whole(node, at, min, max), Scalars::plain);
  }

  private static Optional<Object> whole(Node node, Reading at, long min, long max) {
    if (!(node instanceof Node.Numeric number) || number.value().scale() != 0) {
      return at.expected("a whole number", node);
    }
    if (outside(number.value(), min, max)) {
      return at.refuse(node, "must be from %d to %d, got %s".formatted(min, max, number.text()));
    }
    return Optional.of(number.value().intValueExact());
  }

  /// A whole number from `min` to `max` that may be over two thousand million.
  static FieldType count(long min, long max) {
    return new Type(
        range("whole number", min, max), (node, at) -> count(node, at, min, max), Scalars::plain);
  }

  private static Optional<Object> count(Node node, Reading at, long min, long max) {
    if (!(node instanceof Node.Numeric number) || number.value().scale() != 0) {
      return at.expected("a whole number", node);
    }
    if (outside(number.value(), min, max)) {
      return at.refuse(node, "must be from %d to %d, got %s".formatted(min, max, number.text()));
    }
    return Optional.of(number.value().longValueExact());
  }

  /// A number from 0 to `max`.
  static FieldType fraction(long max) {
    return new Type(range("number", 0, max), (node, at) -> fraction(node, at, max), Scalars::plain);
  }

  private static Optional<Object> fraction(Node node, Reading at, long max) {
    if (!(node instanceof Node.Numeric number)) {
      return at.expected("a number", node);
    }
    if (outside(number.value(), 0, max)) {
      return at.refuse(node, "must be from 0 to %d, got %s".formatted(max, number.text()));
    }
    return Optional.of(number.value().doubleValue());
  }

  private static String range(String label, long min, long max) {
    return max == Long.MAX_VALUE ? label : "%s, %d to %d".formatted(label, min, max);
  }

  private static boolean outside(BigDecimal value, long min, long max) {
    return value.compareTo(BigDecimal.valueOf(min)) < 0
        || value.compareTo(BigDecimal.valueOf(max)) > 0;
  }

  static FieldType flag() {
    return new Type(
        "true or false",
        (node, at) ->
            node instanceof Node.Flag(boolean value, _, _)
                ? Optional.of(value)
                : at.expected("true or false", node),
        Scalars::plain);
  }

  /// A duration from `min` to `max`.
  static FieldType duration(Duration min, Duration max) {
    return new Type(
        "duration, %s to %s".formatted(DurationText.format(min), DurationText.format(max)),
        (node, at) -> duration(node, at, min, max),
        value -> JSON.textNode(DurationText.format((Duration) value)));
  }

  private static Optional<Object> duration(Node node, Reading at, Duration min, Duration max) {
    Optional<Duration> parsed =
        node instanceof Node.Text text ? DurationText.parse(text.value()) : Optional.empty();
    if (parsed.isEmpty()) {
      return at.expected("a duration such as 30s, 5m or 1h30m", node);
    }
    Duration duration = parsed.get();
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      return at.refuse(
          node,
          "must be from %s to %s, got %s"
              .formatted(
                  DurationText.format(min),
                  DurationText.format(max),
                  DurationText.format(duration)));
    }
    return Optional.of(duration);
  }

  static FieldType quantity() {
    return new Type("quantity", Scalars::quantity, value -> JSON.textNode(value.toString()));
  }

  private static Optional<Object> quantity(Node node, Reading at) {
    Optional<Quantity> parsed =
        switch (node) {
          case Node.Text text -> Quantity.parse(text.value());
          case Node.Numeric number -> Quantity.parse(number.text());
          case Node.Flag _, Node.Nothing _, Node.Sequence _, Node.Mapping _ -> Optional.empty();
        };
    return parsed.isPresent()
        ? Optional.of(parsed.get())
        : at.expected("a quantity such as 4Gi, 500m or 2", node);
  }

  /// One of the constants of `words`, written by its word.
  static <E extends Enum<E> & Word> FieldType choice(Class<E> words) {
    List<E> constants = List.of(words.getEnumConstants());
    List<String> names = constants.stream().map(Word::word).toList();
    return new Type(
        String.join(" | ", names),
        (node, at) -> choice(node, at, constants, names),
        value -> JSON.textNode(((Word) value).word()));
  }

  private static Optional<Object> choice(
      Node node, Reading at, List<? extends Word> constants, List<String> names) {
    String choices = "one of " + String.join(", ", names);
    if (node instanceof Node.Flag(_, String spelling, _) && names.contains(spelling)) {
      return unquoted(node, at, spelling);
    }
    if (!(node instanceof Node.Text text)) {
      return at.expected(choices, node);
    }
    int index = names.indexOf(text.value());
    if (index < 0) {
      return at.refuse(
          node,
          "expected %s, got %s%s"
              .formatted(choices, node.described(), Nearest.hint(text.value(), names)));
    }
    return Optional.of(constants.get(index));
  }

  /// A moment that a user writes.
  static FieldType time() {
    return new Type("time or date", Scalars::time, value -> JSON.textNode(value.toString()));
  }

  private static Optional<Object> time(Node node, Reading at) {
    Optional<Instant> parsed =
        node instanceof Node.Text text ? TimeText.parse(text.value()) : Optional.empty();
    return parsed.isPresent()
        ? Optional.of(parsed.get())
        : at.expected("a date such as 2026-12-31 or a time such as 2026-12-31T18:00:00Z", node);
  }

  /// A moment, which only a status holds.
  static FieldType instant() {
    return new Type(
        "time",
        (node, at) -> at.expected("nothing: a status is written by Fairlead", node),
        value -> JSON.textNode(Instant.class.cast(value).toString()));
  }

  private static JsonNode plain(Object value) {
    return switch (value) {
      case String text -> JSON.textNode(text);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case Boolean flag -> JSON.booleanNode(flag);
      default -> throw new IllegalArgumentException("not a plain value: " + Arrays.asList(value));
    };
  }
}
