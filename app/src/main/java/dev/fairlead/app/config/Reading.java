package dev.fairlead.app.config;

import dev.fairlead.api.Node;
import dev.fairlead.api.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where a value is being read, so that a message can name it.
///
/// @param file what messages call the file
/// @param folder where relative paths begin
/// @param path of the value, such as `limits.redis`; empty for the whole file
/// @param problems collects what is wrong
public record Reading(String file, Path folder, String path, List<Problem> problems) {

  Reading child(String name) {
    return new Reading(file, folder, path.isEmpty() ? name : path + "." + name, problems);
  }

  Reading item(int index) {
    return new Reading(file, folder, path + "[" + index + "]", problems);
  }

  /// Reports a value of the wrong type. Returns nothing, for the caller to return.
  public <T> Optional<T> expected(String what, Node got) {
    return refuse(got, "expected " + what + ", got " + got.described());
  }

  /// Reports a value that breaks a rule. Returns nothing, for the caller to return.
  public <T> Optional<T> refuse(Node got, String why) {
    report(got.mark(), (path.isEmpty() ? "the configuration" : path) + ": " + why);
    return Optional.empty();
  }

  void report(Node.Mark at, String message) {
    problems.add(
        new Problem(
            file,
            at.line(),
            at.column(),
            path,
            message,
            Problem.Severity.ERROR,
            Problem.Reason.INVALID_FIELD));
  }
}
