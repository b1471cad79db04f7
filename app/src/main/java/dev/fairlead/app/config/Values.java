package dev.fairlead.app.config;

import java.util.Map;
import java.util.Optional;

/// What was written for the options of one group, for the one that builds its record. Immutable.
public final class Values {
  private final Map<String, Object> written;

  Values(Map<String, Object> written) {
    this.written = Map.copyOf(written);
  }

  /// What was written, else the default.
  ///
  /// @throws IllegalStateException when the option has neither: then it is for `find`
  public <T> T get(Option<T> option) {
    return find(option)
        .orElseThrow(
            () -> new IllegalStateException(option.key() + " has no value and no default"));
  }

  /// What was written, else the default, else nothing.
  public <T> Optional<T> find(Option<T> option) {
    @SuppressWarnings("unchecked") // Group put it there from this option's type
    T value = (T) written.get(option.key());
    return value == null ? option.fallback() : Optional.of(value);
  }
}
