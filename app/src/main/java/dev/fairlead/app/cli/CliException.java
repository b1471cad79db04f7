package dev.fairlead.app.cli;

/// Ends a command with one line for the user, which names the next step.
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  private CliException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /// It did not work: exit code 1.
  static CliException failed(String message) {
    return new CliException(1, message);
  }

  /// What was typed, or a file, is not right: exit code 2.
  static CliException usage(String message) {
    return new CliException(2, message);
  }

  int exitCode() {
    return exitCode;
  }
}
