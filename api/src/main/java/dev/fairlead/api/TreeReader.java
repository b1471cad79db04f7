package dev.fairlead.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.fairlead.api.Problem.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// Reads YAML or JSON into located trees, one a document. Keeps what stood before a mistake in the
/// syntax. Text, depth and the nodes that anchors may multiply to are bounded, so that no file can
/// exhaust memory. Not thread-safe: lives in one call.
final class TreeReader {
  /// The longest text, in characters: what an object on Kubernetes may hold, roughly.
  static final int MAX_TEXT = 1 << 20;

  static final int MAX_DEPTH = 64;

  /// How many nodes all documents of a text may hold once aliases are counted in full.
  static final int MAX_NODES = 100_000;

  private static final YAMLFactory YAML = new YAMLFactory();
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern LOOKS_LIKE_JSON = Pattern.compile("\\s*\\{\\s*\"");
  private static final Pattern YAML_MARKER = Pattern.compile("(?m)^---");

  private final JsonParser parser;
  private final Problems problems;
  private final Map<String, Node> anchors = new HashMap<>();
  private int nodes;

  private TreeReader(JsonParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /// One document; `sound` unless a problem has been reported in it already.
  record Document(Node root, boolean sound) {}

  /// The documents of `text`; problems go to `problems`.
  static List<Document> read(String text, Problems problems) {
    if (text.length() > MAX_TEXT) {
      problems.error(
          Reason.INVALID_SYNTAX,
          new Node.Mark(1, 1),
          "",
          "the file has %,d characters; at most %,d are read".formatted(text.length(), MAX_TEXT));
      return List.of();
    }
    List<Document> documents = new ArrayList<>();
    JsonFactory factory = isJson(text, problems.file()) ? JSON : YAML;
    try (JsonParser parser = factory.createParser(text)) {
      new TreeReader(parser, problems).documents(documents);
    } catch (Refusal refusal) {
      problems.error(Reason.INVALID_SYNTAX, refusal.mark, "", refusal.reason);
    } catch (JsonProcessingException mistake) {
      report(mistake, factory == JSON ? "not JSON: " : "not YAML: ", problems);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return documents;
  }

  private static void report(JsonProcessingException mistake, String prefix, Problems problems) {
    Node.Mark at = mark(mistake.getLocation());
    String message = mistake.getOriginalMessage().lines().findFirst().orElse("unreadable");
    message = message.replaceFirst(" \\(start marker at .*", "");
    if (mistake.getCause() instanceof MarkedYAMLException marked
        && marked.getProblemMark() != null) {
      // Jackson's own location is that of the last good token.
      at =
          new Node.Mark(
              marked.getProblemMark().getLine() + 1, marked.getProblemMark().getColumn() + 1);
      message = marked.getProblem();
    }
    problems.error(Reason.INVALID_SYNTAX, at, "", prefix + message);
  }

  /// JSON is nearly YAML; only its tabs are not, and its messages are clearer from its own parser.
  private static boolean isJson(String text, String file) {
    return file.endsWith(".json")
        || (LOOKS_LIKE_JSON.matcher(text).lookingAt() && !YAML_MARKER.matcher(text).find());
  }

  private void documents(List<Document> documents) throws IOException {
    while (parser.nextToken() != null) {
      anchors.clear();
      int before = problems.errors();
      Node root = node(1);
      if (!(root instanceof Node.Nothing)) {
        documents.add(new Document(root, problems.errors() == before));
      }
    }
  }

  private Node node(int depth) throws IOException {
    Node.Mark mark = mark(parser.currentTokenLocation());
    count(mark, depth);
    if (!(parser instanceof YAMLParser yaml)) {
      return value(mark, depth);
    }
    if (yaml.isCurrentAlias()) {
      return aliased(yaml.getText(), mark, depth);
    }
    String anchor = yaml.getObjectId();
    Node node = value(mark, depth);
    if (anchor != null) {
      anchors.put(anchor, node);
    }
    return node;
  }

  private Node value(Node.Mark mark, int depth) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> mapping(mark, depth);
      case START_ARRAY -> sequence(mark, depth);
      case VALUE_STRING -> new Node.Text(parser.getText(), mark);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Node.Numeric(
              token == JsonToken.VALUE_NUMBER_INT
                  ? new BigDecimal(parser.getBigIntegerValue())
                  : parser.getDecimalValue(),
              parser.getText(),
              mark);
      case VALUE_TRUE -> new Node.Flag(true, parser.getText(), mark);
      case VALUE_FALSE -> new Node.Flag(false, parser.getText(), mark);
      case VALUE_NULL -> new Node.Nothing(mark);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new Refusal(mark, "a value of this form is not read: " + token);
    };
  }

  private Node sequence(Node.Mark mark, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      refuseEnd(mark);
      items.add(node(depth + 1));
    }
    return new Node.Sequence(List.copyOf(items), mark);
  }

  private Node mapping(Node.Mark mark, int depth) throws IOException {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    List<Node.Mapping> merged = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      refuseEnd(mark);
      Node.Mark at = mark(parser.currentTokenLocation());
      String name = parser.currentName();
      parser.nextToken();
      Node value = node(depth + 1);
      if (name.equals("<<") && parser instanceof YAMLParser) {
        merged.addAll(mappings(value));
        continue;
      }
      Node.Entry earlier = entries.putIfAbsent(name, new Node.Entry(name, value, at));
      if (earlier != null) {
        problems.error(
            Reason.DUPLICATE,
            at,
            name,
            "`%s` is there twice: here and in line %d".formatted(name, earlier.mark().line()));
      }
    }
    merged.forEach(
        other -> other.entries().forEach(entry -> entries.putIfAbsent(entry.name(), entry)));
    return new Node.Mapping(List.copyOf(entries.values()), mark);
  }

  /// What the YAML merge key `<<` may hold: a mapping or a list of mappings.
  private static List<Node.Mapping> mappings(Node value) {
    return switch (value) {
      case Node.Mapping mapping -> List.of(mapping);
      case Node.Sequence sequence ->
          sequence.items().stream().flatMap(item -> mappings(item).stream()).toList();
      case Node.Text _, Node.Numeric _, Node.Flag _, Node.Nothing _ ->
          throw new Refusal(value.mark(), "`<<` takes a mapping, got " + value.described());
    };
  }

  private Node aliased(String anchor, Node.Mark mark, int depth) {
    Node node = anchors.get(anchor);
    if (node == null) {
      throw new Refusal(
          mark, "no mapping or list before this alias carries the anchor `&%s`".formatted(anchor));
    }
    countAll(node, mark, depth);
    return node;
  }

  private void countAll(Node node, Node.Mark mark, int depth) {
    count(mark, depth);
    switch (node) {
      case Node.Sequence sequence ->
          sequence.items().forEach(item -> countAll(item, mark, depth + 1));
      case Node.Mapping mapping ->
          mapping.entries().forEach(entry -> countAll(entry.value(), mark, depth + 1));
      case Node.Text _, Node.Numeric _, Node.Flag _, Node.Nothing _ -> {}
    }
  }

  private void count(Node.Mark mark, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Refusal(mark, "nested deeper than %d levels".formatted(MAX_DEPTH));
    }
    if (++nodes > MAX_NODES) {
      throw new Refusal(
          mark, "more than %,d values, counting what aliases repeat".formatted(MAX_NODES));
    }
  }

  private void refuseEnd(Node.Mark start) {
    if (parser.currentToken() == null) {
      throw new Refusal(start, "the text ends before what begins here is closed");
    }
  }

  private static Node.Mark mark(JsonLocation location) {
    return new Node.Mark(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  /// Ends the reading of this text.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Node.Mark mark;
    private final String reason;

    Refusal(Node.Mark mark, String reason) {
      super(reason);
      this.mark = mark;
      this.reason = reason;
    }
  }
}
