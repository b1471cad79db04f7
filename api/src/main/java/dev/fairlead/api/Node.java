package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// A tree of YAML or JSON that remembers where each value stood, so that a message can say so.
public sealed interface Node {
  Mark mark();

  /// A place in the text, counted from 1.
  record Mark(int line, int column) {}

  record Text(String value, Mark mark) implements Node {}

  /// `text` is the user's spelling.
  record Numeric(BigDecimal value, String text, Mark mark) implements Node {}

  /// `text` is the user's spelling: YAML 1.1 takes `Off` for false.
  record Flag(boolean value, String text, Mark mark) implements Node {}

  /// An explicit or implied null; a field without a value counts as absent.
  record Nothing(Mark mark) implements Node {}

  record Sequence(List<Node> items, Mark mark) implements Node {}

  record Mapping(List<Entry> entries, Mark mark) implements Node {
    public Optional<Entry> entry(String name) {
      return entries.stream()
          .filter(entry -> entry.name().equals(name) && !(entry.value() instanceof Nothing))
          .findFirst();
    }
  }

  /// `mark` is where the name stands.
  record Entry(String name, Node value, Mark mark) {}

  /// How a message calls the value.
  default String described() {
    return switch (this) {
      case Text text -> "'" + abridged(text.value()) + "'";
      case Numeric number -> "the number " + abridged(number.text());
      case Flag flag -> "the flag " + flag.text();
      case Nothing _ -> "nothing";
      case Sequence _ -> "a list";
      case Mapping _ -> "a mapping";
    };
  }

  private static String abridged(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }

  /// The tree without its marks. Equal values give equal nodes, whatever their spelling.
  default JsonNode json() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (this) {
      case Text text -> json.textNode(text.value());
      case Numeric number -> number(number.value());
      case Flag flag -> json.booleanNode(flag.value());
      case Nothing _ -> json.nullNode();
      case Sequence sequence -> {
        ArrayNode array = json.arrayNode();
        sequence.items().forEach(item -> array.add(item.json()));
        yield array;
      }
      case Mapping mapping -> {
        ObjectNode object = json.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.name(), entry.value().json()));
        yield object;
      }
    };
  }

  private static JsonNode number(BigDecimal value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    // A short text such as 1e999999999 would need gigabytes as a whole number.
    if (value.scale() != 0) {
      return json.numberNode(value.doubleValue());
    }
    BigInteger whole = value.toBigInteger();
    if (whole.bitLength() < 32) {
      return json.numberNode(whole.intValue());
    }
    return whole.bitLength() < 64 ? json.numberNode(whole.longValue()) : json.numberNode(whole);
  }
}
