package dev.fairlead.engines;

import static java.util.Objects.requireNonNull;

/// Says why an engine cannot be started as asked, in words for the user: what is wrong, where, and
/// what to do next.
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The class of a failure, for a metric label or the reason of a condition.
  public enum Category {
    UNKNOWN_ENGINE,
    REFUSED_ARGUMENT,
    UNSUITABLE_MODEL,
    START_FAILED
  }

  private final Category category;

  public EngineException(Category category, String message) {
    super(message);
    this.category = requireNonNull(category, "category is null");
  }

  public EngineException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = requireNonNull(category, "category is null");
  }

  public Category category() {
    return category;
  }
}
