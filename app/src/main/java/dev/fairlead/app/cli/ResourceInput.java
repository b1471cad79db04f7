package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.api.Origin;
import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceFiles;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.api.ResourceWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What follows `-f`: read, checked, and ready to be sent. Confined to one thread.
final class ResourceInput {
  private static final String STDIN = "-";
  private static final String STDIN_NAME = "stdin";

  private final CliEnvironment environment;
  private final ParseResult parsed;
  private final Optional<Single> single;

  /// The one text that everything came from. Sent as it is, so that the server's problems have its
  /// lines.
  private record Single(String text, String shownName, Path path) {}

  private ResourceInput(CliEnvironment environment, ParseResult parsed, Optional<Single> single) {
    this.environment = environment;
    this.parsed = parsed;
    this.single = single;
  }

  static ResourceInput read(List<String> names, CliEnvironment environment) {
    try {
      var results = new ArrayList<ParseResult>();
      Optional<Single> single = Optional.empty();
      for (String name : names) {
        if (name.equals(STDIN)) {
          String text = environment.in().lines().collect(Collectors.joining("\n", "", "\n"));
          results.add(ResourceParser.parse(text, STDIN_NAME));
          single =
              Optional.of(new Single(text, STDIN_NAME, environment.folder().resolve(STDIN_NAME)));
        } else {
          Path path = environment.folder().resolve(name);
          results.add(ResourceFiles.read(List.of(path)));
          single =
              Files.isRegularFile(path) && !results.getLast().hasErrors()
                  ? Optional.of(new Single(Files.readString(path), name, path))
                  : Optional.empty();
        }
      }
      return new ResourceInput(
          environment,
          ResourceParser.combine(results),
          names.size() == 1 ? single : Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s: %s".formatted(names, e.getMessage()), e);
    }
  }

  ParseResult parsed() {
    return parsed;
  }

  /// Prints every problem; returns whether one of them is an error.
  boolean reportProblems() {
    parsed.problems().forEach(problem -> environment.err().println(shown(problem.text())));
    return parsed.hasErrors();
  }

  /// A message with paths as the user gave them.
  String shown(String message) {
    String folder = environment.folder() + "/";
    return message.replace(folder, "");
  }

  /// Where the text to send comes from: names the folder of its relative paths.
  String sentName() {
    return single
        .map(one -> one.path().toString())
        .orElseGet(() -> environment.folder().resolve("resources.json").toString());
  }

  /// The text to send. Of several files one list, so that all or nothing of them is taken.
  String sentText() {
    return single.map(Single::text).orElseGet(this::list);
  }

  private String list() {
    ObjectNode list =
        JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "List");
    var items = list.putArray("items");
    Map<ResourceKey, Origin> origins = parsed.origins();
    var nowhere = new Origin("", 0, 0);
    for (Resource resource : parsed.resources()) {
      ObjectNode tree = ResourceWriter.tree(resource, Optional.empty());
      Path file = Path.of(origins.getOrDefault(resource.key(), nowhere).file());
      absolute(tree.path("spec"), file);
      absolute(tree.path("spec").path("template"), file);
      items.add(tree);
    }
    return list.toString();
  }

  /// A relative path starts at its file's folder, which the server does not know of a list.
  private void absolute(JsonNode spec, Path file) {
    if (spec instanceof ObjectNode fields && fields.path("modelPath").isTextual()) {
      Path path =
          environment.folder().resolve(file).resolveSibling(fields.path("modelPath").textValue());
      fields.put("modelPath", path.normalize().toString());
    }
  }
}
