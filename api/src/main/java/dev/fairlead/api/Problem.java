package dev.fairlead.api;

/// One thing that is wrong with what a user wrote. `line` and `column` count from 1, 0 means
/// unknown; `path` is machine-readable, such as `spec.template.minReplicas`, and `message` is
/// complete without it.
public record Problem(
    String file,
    int line,
    int column,
    String path,
    String message,
    Severity severity,
    Reason reason) {

  /// Whether the resource is refused.
  public enum Severity {
    ERROR,
    WARNING
  }

  /// The class of a problem, for conditions and metrics.
  public enum Reason implements Word {
    INVALID_SYNTAX("InvalidSyntax"),
    INVALID_FIELD("InvalidField"),
    DUPLICATE("Duplicate"),
    NAME_TAKEN("NameTaken"),
    NOT_FOUND("NotFound"),
    NOTHING_TO_DO("NothingToDo");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /// One line for a terminal, in the form that editors make a link of: `file:line:column: message`.
  public String text() {
    String place = line > 0 ? file + ":" + line + ":" + column + ": " : "";
    if (line <= 0 && !file.isEmpty()) {
      place = file + ": ";
    }
    return place + (isError() ? "" : "warning: ") + message;
  }
}
