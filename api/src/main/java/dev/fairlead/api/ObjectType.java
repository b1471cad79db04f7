package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.api.Problem.Reason;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A record and the rows of the table that describe its components: the one binding between YAML
/// and Java. Every component needs a row of its name; a mismatch fails when the vocabulary is
/// loaded. `tolerated` names are skipped without a word.
record ObjectType(
    Class<? extends Record> type, List<Field> fields, List<Rule> rules, Set<String> tolerated)
    implements FieldType {

  ObjectType {
    List<String> components =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    List<String> rows = fields.stream().map(Field::name).toList();
    if (!components.equals(rows)) {
      throw new IllegalStateException(
          "%s has components %s, its table %s".formatted(type.getSimpleName(), components, rows));
    }
  }

  static ObjectType of(Class<? extends Record> type, Field... fields) {
    return new ObjectType(type, List.of(fields), List.of(), Set.of());
  }

  ObjectType ruled(Rule... more) {
    return new ObjectType(type, fields, List.of(more), tolerated);
  }

  ObjectType tolerating(String... names) {
    return new ObjectType(type, fields, rules, Set.of(names));
  }

  @Override
  public String label() {
    return "object";
  }

  @Override
  public Optional<Object> read(Node node, Reading at) {
    if (!(node instanceof Node.Mapping mapping)) {
      return at.expected("a mapping", node);
    }
    int before = at.problems().errors();
    Map<String, Object> values = new HashMap<>();
    for (Node.Entry entry : mapping.entries()) {
      readEntry(entry, at).ifPresent(value -> values.put(entry.name(), value));
    }
    for (Field field : fields) {
      if (field.need() == Field.Need.REQUIRED && mapping.entry(field.name()).isEmpty()) {
        at.child(field.name())
            .report(
                Reason.INVALID_FIELD,
                mapping.mark(),
                "%s is missing".formatted(at.child(field.name()).named()));
      }
    }
    rules.forEach(rule -> rule.check(mapping, values, at));
    return at.problems().errors() == before ? Optional.of(create(values)) : Optional.empty();
  }

  private Optional<Object> readEntry(Node.Entry entry, Reading at) {
    Reading inside = at.child(entry.name());
    Optional<Field> field = field(entry.name());
    if (field.isEmpty()) {
      if (!tolerated.contains(entry.name())) {
        inside.report(Reason.INVALID_FIELD, entry.mark(), unknown(entry.name(), at));
      }
      return Optional.empty();
    }
    if (entry.value() instanceof Node.Nothing) {
      return Optional.empty();
    }
    return field.get().type().read(entry.value(), inside);
  }

  private String unknown(String name, Reading at) {
    String where = at.path().isEmpty() ? "the resource" : at.path();
    String message = "unknown field `%s` in %s".formatted(name, where);
    List<String> elsewhere = at.root().holders(name, "");
    if (!elsewhere.isEmpty()) {
      return message + "; it belongs in " + String.join(" or ", elsewhere);
    }
    List<String> names = fields.stream().map(Field::name).toList();
    return Nearest.to(name, names)
        .map(nearest -> message + "; did you mean `" + nearest + "`?")
        .orElseGet(() -> message + "; known are " + String.join(", ", names));
  }

  /// The paths of the objects that have a field `name`.
  private List<String> holders(String name, String path) {
    List<String> holders = new ArrayList<>();
    if (field(name).isPresent() && !path.isEmpty()) {
      holders.add(path);
    }
    for (Field field : fields) {
      if (field.type() instanceof ObjectType inner) {
        holders.addAll(
            inner.holders(name, path.isEmpty() ? field.name() : path + "." + field.name()));
      } else if (field.type() instanceof ListOf(ObjectType item)) {
        holders.addAll(
            item.holders(name, (path.isEmpty() ? field.name() : path + "." + field.name()) + "[]"));
      }
    }
    return holders;
  }

  private Optional<Field> field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  private Object create(Map<String, Object> values) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] = argument(types[i], Optional.ofNullable(values.get(components[i].getName())));
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException refused) {
      throw new IllegalStateException(
          "%s refuses what its table allows".formatted(type.getSimpleName()), refused.getCause());
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Object argument(Class<?> component, Optional<Object> value) {
    if (component == Optional.class) {
      return value;
    }
    if (component == List.class) {
      return value.orElse(List.of());
    }
    return component == Map.class ? value.orElse(Map.of()) : value.orElseThrow();
  }

  @Override
  public JsonNode write(Object value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Field field : fields) {
      value(field, value).ifPresent(one -> object.set(field.name(), field.type().write(one)));
    }
    return object;
  }

  /// Like {@link #write}, without what says no more than an absent field would.
  ObjectNode writeEssence(Object value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Field field : fields) {
      Optional<Object> found = value(field, value);
      if (found.isEmpty() || found.equals(field.fallback())) {
        continue;
      }
      JsonNode tree =
          field.type() instanceof ObjectType inner
              ? inner.writeEssence(found.get())
              : field.type().write(found.get());
      if (!(tree instanceof ObjectNode) || !tree.isEmpty()) {
        object.set(field.name(), tree);
      }
    }
    return object;
  }

  /// What `owner` holds for `field`; empty where it was not set.
  Optional<Object> value(Field field, Object owner) {
    Object held;
    try {
      held = type.getDeclaredMethod(field.name()).invoke(owner);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
    return switch (held) {
      case null -> throw new IllegalStateException(field.name() + " is null");
      case Optional<?> optional -> optional.map(Object.class::cast);
      case Collection<?> list when list.isEmpty() -> Optional.empty();
      case Map<?, ?> map when map.isEmpty() -> Optional.empty();
      default -> Optional.of(held);
    };
  }
}
