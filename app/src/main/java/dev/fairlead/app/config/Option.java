package dev.fairlead.app.config;

import java.util.Optional;

/// One thing that can be set: everything that anyone needs to know about it. Made by {@link #of}
/// and refined by the methods that read like a sentence.
///
/// @param key its name in the section, in camel case
/// @param need whether it may be left out
/// @param fallback its value where it is left out, if that is a value
/// @param otherwise how the reference page says what leaving it out means
/// @param doc one line: what it is for, and the unit of a bare number
/// @param live whether an edit takes effect without a start
public record Option<T>(
    String key,
    OptionType<T> type,
    Need need,
    Optional<T> fallback,
    String otherwise,
    String doc,
    boolean live) {

  /// Whether an option must be there.
  public enum Need {
    REQUIRED,
    OPTIONAL
  }

  public Option {
    if (!key.matches("[a-z][a-zA-Z0-9]*")) {
      throw new IllegalArgumentException("key is not in camel case: " + key);
    }
    if (doc.isBlank()) {
      throw new IllegalArgumentException("doc is blank: " + key);
    }
  }

  /// An option that may be left out.
  public static <T> Option<T> of(String key, OptionType<T> type, String doc) {
    return new Option<>(key, type, Need.OPTIONAL, Optional.empty(), "", doc, false);
  }

  /// The same with a value where it is left out.
  public Option<T> byDefault(T value) {
    return new Option<>(key, type, need, Optional.of(value), type.text(value), doc, live);
  }

  /// The same, saying what it means to leave it out.
  public Option<T> otherwise(String text) {
    return new Option<>(key, type, need, fallback, text, doc, live);
  }

  /// The same, but its section, if written, must have it.
  public Option<T> required() {
    return new Option<>(key, type, Need.REQUIRED, fallback, "*required*", doc, live);
  }

  /// The same, but an edit takes effect at once, for what begins after it.
  public Option<T> whileRunning() {
    return new Option<>(key, type, need, fallback, otherwise, doc, true);
  }
}
