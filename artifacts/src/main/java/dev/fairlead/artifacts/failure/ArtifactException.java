package dev.fairlead.artifacts.failure;

import static java.util.Objects.requireNonNull;

/// The failure of bringing, checking or reading a model or an engine. Its message tells the user
/// what is wrong, where, and what to do next; its category is the machine-stable reason for
/// conditions, metric labels and exit codes.
public final class ArtifactException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What kind of failure it is.
  public enum Category {
    /// The other side cannot be reached.
    NO_NETWORK,
    /// The other side is reached, and its certificate is not trusted.
    UNTRUSTED,
    /// The other side does not have it.
    NOT_FOUND,
    /// The other side, or a rule of ours, does not allow it.
    REFUSED,
    /// The other side failed, again and again.
    SERVER_FAILED,
    /// The content is not the one that was asked for.
    CHECKSUM_MISMATCH,
    NO_SPACE,
    /// A file ends before its content does.
    TRUNCATED,
    NOT_GGUF,
    /// A file contradicts itself.
    CORRUPT,
    /// It is in order, but cannot be used here.
    UNSUPPORTED,
    /// A local file or program is not there.
    MISSING,
    /// A local program, such as a compiler, failed.
    PROGRAM_FAILED,
    /// A local file cannot be read or written.
    IO
  }

  private final Category category;

  public ArtifactException(Category category, String message) {
    super(requireNonNull(message, "message is null"));
    this.category = requireNonNull(category, "category is null");
  }

  public ArtifactException(Category category, String message, Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.category = requireNonNull(category, "category is null");
  }

  public Category category() {
    return category;
  }
}
