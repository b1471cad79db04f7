package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the value of a field is read, checked and written: one of few, used by every field.
sealed interface FieldType
    permits FieldType.Scalar, FieldType.ListOf, FieldType.MapOf, FieldType.Tree, ObjectType {

  /// What the reference page calls the type.
  String label();

  /// The value, or nothing after the problem has been reported.
  Optional<Object> read(Node node, Reading at);

  /// The tree of a value that {@link #read} gave.
  JsonNode write(Object value);

  /// A single value.
  non-sealed interface Scalar extends FieldType {}

  /// A list whose items are alike.
  record ListOf(FieldType item) implements FieldType {
    @Override
    public String label() {
      return "list of " + item.label();
    }

    @Override
    public Optional<Object> read(Node node, Reading at) {
      if (!(node instanceof Node.Sequence sequence)) {
        return at.expected("a list", node);
      }
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < sequence.items().size(); i++) {
        item.read(sequence.items().get(i), at.item(i)).ifPresent(values::add);
      }
      return Optional.of(List.copyOf(values));
    }

    @Override
    public JsonNode write(Object value) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      ((List<?>) value).forEach(one -> array.add(item.write(one)));
      return array;
    }
  }

  /// A mapping whose names the user chooses; `names` is the form of a name.
  record MapOf(FieldType item, Pattern names) implements FieldType {
    @Override
    public String label() {
      return "map to " + item.label();
    }

    @Override
    public Optional<Object> read(Node node, Reading at) {
      if (!(node instanceof Node.Mapping mapping)) {
        return at.expected("a mapping", node);
      }
      Map<String, Object> values = new LinkedHashMap<>();
      for (Node.Entry entry : mapping.entries()) {
        if (names.matcher(entry.name()).matches()) {
          Reading inside = at.child(entry.name());
          item.read(entry.value(), inside).ifPresent(value -> values.put(entry.name(), value));
        } else {
          at.report(
              Problem.Reason.INVALID_FIELD,
              entry.mark(),
              "%s: `%s` is not a legal name here".formatted(at.named(), entry.name()));
        }
      }
      return Optional.of(values);
    }

    @Override
    public JsonNode write(Object value) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      ((Map<?, ?>) value)
          .forEach((name, one) -> {
            if (name instanceof String text && one != null) {
              object.set(text, item.write(one));
            }
          });
      return object;
    }
  }

  /// A mapping that is handed on to Kubernetes as it is.
  record Tree() implements FieldType {
    @Override
    public String label() {
      return "mapping";
    }

    @Override
    public Optional<Object> read(Node node, Reading at) {
      return node instanceof Node.Mapping
          ? Optional.of(node.json())
          : at.expected("a mapping", node);
    }

    @Override
    public JsonNode write(Object value) {
      return ((JsonNode) value).deepCopy();
    }
  }
}
