package dev.fairlead.app.config;

import dev.fairlead.api.Nearest;
import dev.fairlead.api.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The type of a mapping with known keys: its options, and how a record is made of their values.
///
/// @param builder makes the record; an {@link IllegalArgumentException} is a problem of the mapping
public record Group<T>(List<Option<?>> options, Function<Values, T> builder)
    implements OptionType<T> {
  public Group {
    options = List.copyOf(options);
    if (options.stream().map(Option::key).distinct().count() < options.size()) {
      throw new IllegalArgumentException("a key is there twice: " + options);
    }
  }

  /// What was written of a group, and the record made of it.
  record Filled<T>(Values values, T made) {}

  /// A group of which nothing was written.
  Filled<T> empty() {
    var nothing = new Values(Map.of());
    return new Filled<>(nothing, builder.apply(nothing));
  }

  @Override
  public String label() {
    return "mapping";
  }

  @Override
  public String text(T value) {
    return "";
  }

  @Override
  public List<Option<?>> inner() {
    return options;
  }

  @Override
  public Optional<T> read(Node node, Reading at) {
    return fill(node, at).map(Filled::made);
  }

  /// Like `read`, with what was written.
  Optional<Filled<T>> fill(Node node, Reading at) {
    if (!(node instanceof Node.Mapping mapping)) {
      return at.expected("a mapping", node);
    }
    int before = at.problems().size();
    Map<String, Object> written = new HashMap<>();
    for (Node.Entry entry : mapping.entries()) {
      Optional<Option<?>> option = option(entry.name());
      if (option.isEmpty()) {
        at.child(entry.name()).report(entry.mark(), unknown(entry.name(), at.path()));
      } else if (!(entry.value() instanceof Node.Nothing)) {
        option
            .get()
            .type()
            .read(entry.value(), at.child(entry.name()))
            .ifPresent(value -> written.put(entry.name(), value));
      }
    }
    for (Option<?> option : options) {
      if (option.need() == Option.Need.REQUIRED && mapping.entry(option.key()).isEmpty()) {
        at.refuse(mapping, "`%s` is missing".formatted(option.key()));
      }
    }
    return at.problems().size() > before ? Optional.empty() : build(mapping, written, at);
  }

  private Optional<Filled<T>> build(Node.Mapping mapping, Map<String, Object> written, Reading at) {
    var values = new Values(written);
    try {
      return Optional.of(new Filled<>(values, builder.apply(values)));
    } catch (IllegalArgumentException e) {
      return at.refuse(mapping, String.valueOf(e.getMessage()));
    }
  }

  private Optional<Option<?>> option(String key) {
    return options.stream().filter(option -> option.key().equals(key)).findFirst();
  }

  private String unknown(String key, String path) {
    String message = "unknown key `%s` in %s".formatted(key, path);
    if (option(key + "File").isPresent()) {
      return message + "; write it into a file of its own and name that with `" + key + "File`";
    }
    List<String> keys = options.stream().<String>map(Option::key).toList();
    return Nearest.to(key, keys)
        .map(nearest -> message + "; did you mean `" + nearest + "`?")
        .orElseGet(() -> message + "; known are " + String.join(", ", keys));
  }
}
