package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import java.util.Optional;

/// Where a value is being read, so that a message can name it. `root` is the type of the whole
/// resource; `path` starts below it, such as `spec.minReplicas`.
record Reading(ObjectType root, String path, Problems problems) {

  Reading child(String name) {
    return new Reading(root, path.isEmpty() ? name : path + "." + name, problems);
  }

  Reading item(int index) {
    return new Reading(root, path + "[" + index + "]", problems);
  }

  /// Reports a value of the wrong type. Returns nothing, for the caller to return.
  Optional<Object> expected(String what, Node got) {
    return refuse(got, "expected " + what + ", got " + got.described());
  }

  /// Reports a value that breaks a rule. Returns nothing, for the caller to return.
  Optional<Object> refuse(Node got, String why) {
    report(Reason.INVALID_FIELD, got.mark(), named() + ": " + why);
    return Optional.empty();
  }

  void report(Reason reason, Node.Mark at, String message) {
    problems.error(reason, at, path, message);
  }

  /// How a message calls this place.
  String named() {
    return path.isEmpty() ? "the resource" : path;
  }
}
