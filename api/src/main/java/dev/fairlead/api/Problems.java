package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import dev.fairlead.api.Problem.Severity;
import java.util.ArrayList;
import java.util.List;

/// Collects the problems of one file while it is read. Not thread-safe: lives in one call.
final class Problems {
  private final String file;
  private final List<Problem> found = new ArrayList<>();
  private int errors;

  Problems(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  void error(Reason reason, Node.Mark at, String path, String message) {
    errors++;
    found.add(new Problem(file, at.line(), at.column(), path, message, Severity.ERROR, reason));
  }

  void warning(Reason reason, String message) {
    found.add(new Problem(file, 0, 0, "", message, Severity.WARNING, reason));
  }

  int errors() {
    return errors;
  }

  List<Problem> found() {
    return List.copyOf(found);
  }
}
