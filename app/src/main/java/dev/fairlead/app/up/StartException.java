package dev.fairlead.app.up;

/// Fairlead cannot start. The message tells the user what is wrong and what to do; `exitCode` is 2
/// where the input is wrong and 1 otherwise.
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  StartException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
