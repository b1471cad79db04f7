package dev.fairlead.app.config;

import static java.util.stream.Collectors.joining;

import dev.fairlead.api.DurationText;
import dev.fairlead.api.Nearest;
import dev.fairlead.api.Node;
import dev.fairlead.api.Quantity;
import dev.fairlead.api.Word;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// The types of options.
public final class OptionTypes {
  private OptionTypes() {}

  private record Scalar<T>(String label, Reader<T> reader, Function<T, String> writer)
      implements OptionType<T> {
    @Override
    public Optional<T> read(Node node, Reading at) {
      return reader.read(node, at);
    }

    @Override
    public String text(T value) {
      return writer.apply(value);
    }
  }

  private interface Reader<T> {
    Optional<T> read(Node node, Reading at);
  }

  /// Text that `legal` accepts.
  ///
  /// @param complaint what is said of other text, such as `must be a URL`
  public static OptionType<String> text(String label, Predicate<String> legal, String complaint) {
    return new Scalar<>(
        label,
        (node, at) ->
            switch (node) {
              case Node.Text(String value, _) when legal.test(value) -> Optional.of(value);
              case Node.Text text -> at.refuse(node, complaint + ", got " + text.described());
              case Node.Numeric(_, String spelling, _) -> quotes(node, at, spelling);
              case Node.Flag(_, String spelling, _) -> quotes(node, at, spelling);
              case Node.Nothing _, Node.Sequence _, Node.Mapping _ -> at.expected("text", node);
            },
        Function.identity());
  }

  /// Any text that is not blank.
  public static OptionType<String> text() {
    return text("text", value -> !value.isBlank(), "must not be blank");
  }

  private static <T> Optional<T> quotes(Node node, Reading at, String spelling) {
    return at.refuse(
        node,
        "expected text, got %s; put it in quotes: \"%s\"".formatted(node.described(), spelling));
  }

  /// An absolute URL of one of these schemes.
  public static OptionType<URI> url(String... schemes) {
    String shown = String.join(":// or ", schemes) + "://";
    return new Scalar<>(
        "URL, " + shown,
        (node, at) -> {
          Optional<URI> read =
              node instanceof Node.Text text ? uri(text.value()) : Optional.<URI>empty();
          return read.isPresent() && List.of(schemes).contains(read.get().getScheme())
              ? read
              : at.expected("a URL that begins with " + shown, node);
        },
        URI::toString);
  }

  private static Optional<URI> uri(String text) {
    try {
      var uri = new URI(text);
      return uri.getScheme() == null ? Optional.empty() : Optional.of(uri);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /// A whole number from `min` to `max`.
  public static OptionType<Integer> whole(int min, int max) {
    return new Scalar<>(
        "whole number, %d to %d".formatted(min, max),
        (node, at) ->
            node instanceof Node.Numeric number && number.value().scale() == 0
                ? within(number.value(), min, max, at, node).map(BigDecimal::intValueExact)
                : at.expected("a whole number", node),
        String::valueOf);
  }

  /// A number that is not negative, kept as it is written.
  public static OptionType<BigDecimal> amount() {
    return new Scalar<>(
        "number, not negative",
        (node, at) -> {
          if (!(node instanceof Node.Numeric number)) {
            return at.expected("a number", node);
          }
          return number.value().signum() < 0
              ? at.refuse(node, "must not be negative, got " + number.text())
              : Optional.of(number.value());
        },
        BigDecimal::toPlainString);
  }

  /// A number from 0 to 1.
  public static OptionType<BigDecimal> share() {
    return new Scalar<>(
        "number, 0 to 1",
        (node, at) ->
            node instanceof Node.Numeric number
                ? within(number.value(), 0, 1, at, node)
                : at.expected("a number from 0 to 1", node),
        BigDecimal::toPlainString);
  }

  private static Optional<BigDecimal> within(
      BigDecimal value, long min, long max, Reading at, Node node) {
    return value.compareTo(BigDecimal.valueOf(min)) < 0
            || value.compareTo(BigDecimal.valueOf(max)) > 0
        ? at.refuse(node, "must be from %d to %d".formatted(min, max))
        : Optional.of(value);
  }

  /// Bytes from `min` to `max`, written as `64Ki`, `32Mi` or a bare number.
  public static OptionType<Long> size(long min, long max) {
    String bounds = bytes(min) + " to " + bytes(max);
    return new Scalar<>(
        "size, " + bounds,
        (node, at) -> {
          Optional<Quantity> parsed =
              switch (node) {
                case Node.Text text -> Quantity.parse(text.value());
                case Node.Numeric number -> Quantity.parse(number.text());
                case Node.Flag _, Node.Nothing _, Node.Sequence _, Node.Mapping _ ->
                    Optional.empty();
              };
          if (parsed.isEmpty()) {
            return at.expected("a size such as 64Ki, 32Mi or 65536", node);
          }
          BigDecimal amount = parsed.get().amount();
          return amount.stripTrailingZeros().scale() > 0
                  || amount.compareTo(BigDecimal.valueOf(min)) < 0
                  || amount.compareTo(BigDecimal.valueOf(max)) > 0
              ? at.refuse(
                  node,
                  "must be whole bytes from %s, got %s".formatted(bounds, parsed.get().text()))
              : Optional.of(amount.longValueExact());
        },
        OptionTypes::bytes);
  }

  private static String bytes(long bytes) {
    String[] units = {"", "Ki", "Mi", "Gi", "Ti"};
    int unit = 0;
    long left = bytes;
    while (left > 0 && left % 1024 == 0 && unit < units.length - 1) {
      left /= 1024;
      unit++;
    }
    return left + units[unit];
  }

  /// A duration from `min` to `max`.
  public static OptionType<Duration> duration(Duration min, Duration max) {
    String bounds = DurationText.format(min) + " to " + DurationText.format(max);
    return new Scalar<>(
        "duration, " + bounds,
        (node, at) -> {
          Optional<Duration> parsed =
              node instanceof Node.Text text ? DurationText.parse(text.value()) : Optional.empty();
          if (parsed.isEmpty()) {
            return at.expected("a duration such as 30s, 5m or 1h30m", node);
          }
          Duration duration = parsed.get();
          return duration.compareTo(min) < 0 || duration.compareTo(max) > 0
              ? at.refuse(
                  node, "must be from %s, got %s".formatted(bounds, DurationText.format(duration)))
              : Optional.of(duration);
        },
        DurationText::format);
  }

  /// `true` or `false`.
  public static OptionType<Boolean> flag() {
    return new Scalar<>(
        "true or false",
        (node, at) ->
            node instanceof Node.Flag(boolean value, _, _)
                ? Optional.of(value)
                : at.expected("true or false", node),
        String::valueOf);
  }

  /// A file's path; a relative one begins at the configuration's own folder. Whether the file is
  /// there is for its reader to say.
  public static OptionType<Path> file() {
    return new Scalar<>(
        "path",
        (node, at) -> {
          if (!(node instanceof Node.Text text) || text.value().isBlank()) {
            return at.expected("the path of a file", node);
          }
          if (text.value().startsWith("~")) {
            return at.refuse(node, "a path is written out, without `~`");
          }
          try {
            return Optional.of(at.folder().resolve(text.value()));
          } catch (InvalidPathException e) {
            return at.refuse(node, "is not a path: " + e.getReason());
          }
        },
        Path::toString);
  }

  /// One of the constants of `words`, written by its word.
  public static <E extends Enum<E> & Word> OptionType<E> choice(Class<E> words) {
    List<E> constants = List.of(words.getEnumConstants());
    List<String> names = constants.stream().map(Word::word).toList();
    return new Scalar<>(
        String.join(" \\| ", names),
        (node, at) -> {
          if (!(node instanceof Node.Text text)) {
            return at.expected("one of " + String.join(", ", names), node);
          }
          int index = names.indexOf(text.value());
          return index < 0
              ? at.expected(
                  "one of " + String.join(", ", names) + Nearest.hint(text.value(), names), node)
              : Optional.of(constants.get(index));
        },
        Word::word);
  }

  /// A list whose items are alike.
  public static <T> OptionType<List<T>> list(OptionType<T> item) {
    return new ListOf<>(item);
  }

  private record ListOf<T>(OptionType<T> item) implements OptionType<List<T>> {
    @Override
    public String label() {
      return "list of " + item.label();
    }

    @Override
    public Optional<List<T>> read(Node node, Reading at) {
      if (!(node instanceof Node.Sequence sequence)) {
        return at.expected("a list", node);
      }
      List<T> values = new ArrayList<>();
      for (int i = 0; i < sequence.items().size(); i++) {
        item.read(sequence.items().get(i), at.item(i)).ifPresent(values::add);
      }
      return Optional.of(List.copyOf(values));
    }

    @Override
    public String text(List<T> value) {
      return value.stream().map(item::text).collect(joining(", ", "[", "]"));
    }

    @Override
    public List<Option<?>> inner() {
      return item.inner();
    }

    @Override
    public String innerPath() {
      return "[]" + item.innerPath();
    }
  }

  /// A mapping whose keys the user chooses.
  ///
  /// @param key what a key is, such as `model`
  public static <T> OptionType<Map<String, T>> map(String key, OptionType<T> item) {
    return new MapOf<>(key, item);
  }

  private record MapOf<T>(String key, OptionType<T> item) implements OptionType<Map<String, T>> {
    @Override
    public String label() {
      return "mapping of " + key + " to " + item.label();
    }

    @Override
    public Optional<Map<String, T>> read(Node node, Reading at) {
      if (!(node instanceof Node.Mapping mapping)) {
        return at.expected("a mapping", node);
      }
      Map<String, T> values = new LinkedHashMap<>();
      for (Node.Entry entry : mapping.entries()) {
        item.read(entry.value(), at.child(entry.name()))
            .ifPresent(value -> values.put(entry.name(), value));
      }
      return Optional.of(Map.copyOf(values));
    }

    @Override
    public String text(Map<String, T> value) {
      return value.isEmpty() ? "none" : value.keySet().stream().sorted().collect(joining(", "));
    }

    @Override
    public List<Option<?>> inner() {
      return item.inner();
    }

    @Override
    public String innerPath() {
      return ".<" + key + ">" + item.innerPath();
    }
  }
}
