package dev.fairlead.app.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.api.Problem;
import dev.fairlead.app.journal.Event;
import dev.fairlead.app.journal.Sample;
import java.util.List;

/// The JSON of the doors, where it is not the resources' own. Every method is a function of its
/// arguments.
final class Wire {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Wire() {}

  static ObjectNode event(Event event) {
    String type =
        switch (event.note().severity()) {
          case NORMAL -> "Normal";
          case WARNING -> "Warning";
        };
    return NODES
        .objectNode()
        .put("seq", event.sequence())
        .put("time", event.time().toString())
        .put("type", type)
        .put("reason", event.note().reason())
        .put("object", event.note().object())
        .put("message", event.note().message());
  }

  /// A sample is one second, so what was counted in it is a rate.
  static ObjectNode sample(Sample sample) {
    ObjectNode models = NODES.objectNode();
    sample.models().forEach((name, model) -> models.set(name, ofModel(model)));
    ObjectNode tree = NODES.objectNode().put("time", sample.time().toString());
    tree.set("models", models);
    return tree;
  }

  private static ObjectNode ofModel(Sample.OfModel model) {
    ObjectNode tree =
        NODES
            .objectNode()
            .put("generationTokensPerSecond", model.generatedTokens())
            .put("promptTokensPerSecond", model.promptTokens());
    if (model.firstTokenMillis().isPresent()) {
      tree.put("timeToFirstTokenMillis", model.firstTokenMillis().getAsLong());
    } else {
      tree.putNull("timeToFirstTokenMillis");
    }
    return tree.put("inFlight", model.inFlight())
        .put("waiting", model.waiting())
        .put("readyReplicas", model.readyReplicas());
  }

  static ObjectNode applied(List<String> lines, List<Problem> problems) {
    ObjectNode tree = NODES.objectNode();
    var texts = tree.putArray("lines");
    lines.forEach(texts::add);
    var found = tree.putArray("problems");
    problems.forEach(problem -> found.add(problem(problem)));
    return tree;
  }

  private static ObjectNode problem(Problem problem) {
    String severity =
        switch (problem.severity()) {
          case ERROR -> "error";
          case WARNING -> "warning";
        };
    return NODES
        .objectNode()
        .put("file", problem.file())
        .put("line", problem.line())
        .put("column", problem.column())
        .put("path", problem.path())
        .put("message", problem.message())
        .put("severity", severity)
        .put("reason", problem.reason().word());
  }

  static ObjectNode message(String text) {
    return NODES.objectNode().put("message", text);
  }
}
