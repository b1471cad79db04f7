package dev.fairlead.app.config;

import dev.fairlead.api.Node;
import java.util.List;
import java.util.Optional;

/// How the value of an option is read, checked and shown.
public interface OptionType<T> {
  /// What the reference page calls it, bounds included.
  String label();

  /// The value, or nothing after `at` was told the problem.
  Optional<T> read(Node node, Reading at);

  /// A value as a user would write it.
  String text(T value);

  /// The options below it, for types that have some.
  default List<Option<?>> inner() {
    return List.of();
  }

  /// What stands between an option's key and the keys of `inner`, such as `.<name>`.
  default String innerPath() {
    return "";
  }
}
