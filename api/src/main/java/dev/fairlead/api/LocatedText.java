package dev.fairlead.api;

import java.util.List;

/// YAML or JSON as trees that know where each value stood, for a reader of something else than
/// resources: its messages then look like those about resources. `documents` are empty where the
/// syntax is wrong, which `problems` say.
public record LocatedText(List<Node> documents, List<Problem> problems) {
  public LocatedText {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }

  /// Reads `text`; `file` is what messages call it.
  public static LocatedText read(String text, String file) {
    var problems = new Problems(file);
    List<Node> documents =
        TreeReader.read(text, problems).stream().map(TreeReader.Document::root).toList();
    return new LocatedText(problems.errors() == 0 ? documents : List.of(), problems.found());
  }
}
