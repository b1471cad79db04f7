package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import dev.fairlead.api.Problem.Severity;
import dev.fairlead.api.Resource.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads resources from YAML (one or more documents) or JSON and reports every problem with its
/// line. Takes also what `kubectl get -o yaml` prints: a `List`, a status, fields that a server
/// sets. Pure; any thread may call it.
public final class ResourceParser {
  private ResourceParser() {}

  /// Reads `text`; `fileName` appears in the problems, and its ending `.json` asks for JSON.
  public static ParseResult parse(String text, String fileName) {
    Problems problems = new Problems(fileName);
    List<Resource> resources = new ArrayList<>();
    Map<ResourceKey, Origin> origins = new HashMap<>();
    List<TreeReader.Document> documents = TreeReader.read(text, problems);
    for (TreeReader.Document document : documents) {
      for (Node item : items(document.root())) {
        resource(item, problems)
            .filter(_ -> document.sound())
            .ifPresent(
                resource -> add(resource, item.mark(), new Found(resources, origins), problems));
      }
    }
    if (documents.isEmpty() && problems.errors() == 0) {
      problems.warning(Reason.NOTHING_TO_DO, "there is no resource in this file");
    }
    return new ParseResult(resources, problems.found(), origins);
  }

  private record Found(List<Resource> resources, Map<ResourceKey, Origin> origins) {}

  private static void add(Resource resource, Node.Mark mark, Found found, Problems problems) {
    Origin here = new Origin(problems.file(), mark.line(), mark.column());
    Origin earlier = found.origins().putIfAbsent(resource.key(), here);
    if (earlier == null) {
      found.resources().add(resource);
    } else {
      problems.error(
          Reason.DUPLICATE, mark, "metadata.name", duplicate(resource.key(), here, earlier));
    }
  }

  private static String duplicate(ResourceKey key, Origin here, Origin earlier) {
    return "%s is there twice: in %s and in %s".formatted(key, earlier, here);
  }

  /// Puts the results of several files together; a resource that two files hold is a problem.
  public static ParseResult combine(List<ParseResult> results) {
    List<Resource> resources = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Map<ResourceKey, Origin> origins = new HashMap<>();
    for (ParseResult result : results) {
      problems.addAll(result.problems());
      for (Resource resource : result.resources()) {
        Origin here = result.origins().getOrDefault(resource.key(), new Origin("", 0, 0));
        Origin earlier = origins.putIfAbsent(resource.key(), here);
        if (earlier == null) {
          resources.add(resource);
        } else {
          problems.add(
              new Problem(
                  here.file(),
                  here.line(),
                  here.column(),
                  "metadata.name",
                  duplicate(resource.key(), here, earlier),
                  Severity.ERROR,
                  Reason.DUPLICATE));
        }
      }
    }
    return new ParseResult(resources, problems, origins);
  }

  /// The items of a Kubernetes `List`, or the document itself.
  private static List<Node> items(Node document) {
    if (document instanceof Node.Mapping mapping
        && text(mapping, "kind").equals(Optional.of("List"))
        && mapping.entry("items").orElse(null) instanceof Node.Entry(_, Node.Sequence list, _)) {
      return list.items();
    }
    return List.of(document);
  }

  private static Optional<String> text(Node.Mapping mapping, String name) {
    return mapping
        .entry(name)
        .flatMap(entry ->
            entry.value() instanceof Node.Text text ? Optional.of(text.value()) : Optional.empty());
  }

  private static Optional<Resource> resource(Node document, Problems problems) {
    if (!(document instanceof Node.Mapping mapping)) {
      problems.error(
          Reason.INVALID_FIELD,
          document.mark(),
          "",
          "expected a resource with apiVersion and kind, got " + document.described());
      return Optional.empty();
    }
    boolean known =
        stated(mapping, "apiVersion", List.of(Resource.API_VERSION), problems).isPresent();
    List<String> kinds = Arrays.stream(Kind.values()).map(Kind::word).toList();
    Optional<Kind> kind =
        stated(mapping, "kind", kinds, problems)
            .flatMap(word ->
                Arrays.stream(Kind.values()).filter(one -> one.word().equals(word)).findAny());
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    ObjectType type = Vocabulary.of(kind.get());
    Optional<Object> read = type.read(mapping, new Reading(type, "", problems));
    return known ? read.map(Resource.class::cast) : Optional.empty();
  }

  private static Optional<String> stated(
      Node.Mapping mapping, String name, List<String> known, Problems problems) {
    Optional<Node.Entry> entry = mapping.entry(name);
    if (entry.isEmpty()) {
      problems.error(
          Reason.INVALID_FIELD,
          mapping.mark(),
          name,
          "%s is missing; known are %s".formatted(name, String.join(", ", known)));
      return Optional.empty();
    }
    Optional<String> word = text(mapping, name);
    if (word.isPresent() && known.contains(word.get())) {
      return word;
    }
    String got = word.orElseGet(() -> entry.get().value().described());
    String hint = Nearest.hint(got, known);
    problems.error(
        Reason.INVALID_FIELD,
        entry.get().value().mark(),
        name,
        "unknown %s `%s`%s"
            .formatted(
                name, got, hint.isEmpty() ? "; known are " + String.join(", ", known) : hint));
    return Optional.empty();
  }
}
