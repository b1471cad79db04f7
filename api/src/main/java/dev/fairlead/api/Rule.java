package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A check over more than one field of an object.
sealed interface Rule {

  /// How the reference page says it.
  String described();

  /// Just one of two fields must be there.
  record ExactlyOneOf(String first, String second) implements Rule {
    @Override
    public String described() {
      return "Exactly one of `%s` and `%s`.".formatted(first, second);
    }
  }

  /// A version has its files from one place, or a server elsewhere has them.
  record OneOrigin() implements Rule {
    @Override
    public String described() {
      return "Exactly one of `modelPath`, `source` and `engine.baseUrl`; `engine.baseUrl` and the"
          + " engine `openai` belong together.";
    }
  }

  /// One number must not be over another.
  record NotOver(String lower, String upper) implements Rule {
    @Override
    public String described() {
      return "`%s` is at most `%s`.".formatted(lower, upper);
    }
  }

  /// A list that is there must hold something.
  record NotEmpty(String list, String advice) implements Rule {
    @Override
    public String described() {
      return "`%s` is not empty: %s.".formatted(list, advice);
    }
  }

  /// No two objects of a list have the same value in a field.
  record Distinct(String list, String field) implements Rule {
    @Override
    public String described() {
      return "No two of `%s` have the same `%s`.".formatted(list, field);
    }

    private void check(Node.Sequence items, Reading at) {
      Map<String, Node.Mark> seen = new HashMap<>();
      for (int i = 0; i < items.items().size(); i++) {
        if (items.items().get(i) instanceof Node.Mapping item
            && item.entry(field).orElse(null)
                instanceof Node.Entry(_, Node.Text(String value, Node.Mark mark), _)) {
          Node.Mark earlier = seen.putIfAbsent(value, mark);
          if (earlier != null) {
            Reading here = at.child(list).item(i).child(field);
            here.report(
                Reason.DUPLICATE,
                mark,
                "%s: this is there twice: here and in line %d"
                    .formatted(here.named(), earlier.line()));
          }
        }
      }
    }
  }

  /// Reports where `mapping`, whose readable values are `values`, breaks the rule.
  default void check(Node.Mapping mapping, Map<String, Object> values, Reading at) {
    switch (this) {
      case ExactlyOneOf(String first, String second) -> {
        var both = mapping.entry(first).flatMap(_ -> mapping.entry(second));
        both.ifPresent(entry ->
            at.report(
                Reason.INVALID_FIELD,
                entry.mark(),
                "%s: `%s` and `%s` exclude each other; keep one"
                    .formatted(at.named(), first, second)));
        if (mapping.entry(first).isEmpty() && mapping.entry(second).isEmpty()) {
          at.report(
              Reason.INVALID_FIELD,
              mapping.mark(),
              "%s: one of `%s` and `%s` must be there".formatted(at.named(), first, second));
        }
      }
      case OneOrigin() -> checkOrigin(mapping, at);
      case NotOver(String lower, String upper) -> {
        if (values.get(lower) instanceof Integer low
            && values.get(upper) instanceof Integer high
            && low > high) {
          mapping
              .entry(lower)
              .ifPresent(entry ->
                  at.child(lower)
                      .refuse(entry.value(), "%d is over %s %d".formatted(low, upper, high)));
        }
      }
      case NotEmpty(String list, String advice) -> {
        if (mapping.entry(list).orElse(null) instanceof Node.Entry(_, Node.Sequence items, _)
            && items.items().isEmpty()) {
          at.child(list).refuse(items, "is empty: " + advice);
        }
      }
      case Distinct distinct -> {
        if (mapping.entry(distinct.list()).orElse(null)
            instanceof Node.Entry(_, Node.Sequence items, _)) {
          distinct.check(items, at);
        }
      }
    }
  }

  private static void checkOrigin(Node.Mapping mapping, Reading at) {
    List<String> present =
        Stream.of("modelPath", "source").filter(name -> mapping.entry(name).isPresent()).toList();
    Optional<Node.Mapping> engine =
        mapping
            .entry("engine")
            .map(Node.Entry::value)
            .filter(Node.Mapping.class::isInstance)
            .map(Node.Mapping.class::cast);
    Optional<Node.Entry> baseUrl = engine.flatMap(found -> found.entry("baseUrl"));
    boolean openai =
        engine
            .flatMap(found -> found.entry("name"))
            .filter(entry ->
                entry.value() instanceof Node.Text name
                    && name.value().equals(ModelVersion.Engine.OPENAI))
            .isPresent();
    if (openai != baseUrl.isPresent()) {
      at.report(
          Reason.INVALID_FIELD,
          baseUrl.map(Node.Entry::mark).orElse(mapping.mark()),
          openai
              ? "%s: the engine `openai` is a server elsewhere: engine.baseUrl says which"
                  .formatted(at.named())
              : "%s: engine.baseUrl is for the engine `openai`: set engine.name to it"
                  .formatted(at.named()));
    } else if (present.isEmpty() && !openai) {
      at.report(
          Reason.INVALID_FIELD,
          mapping.mark(),
          "%s: one of `modelPath` and `source` must be there".formatted(at.named()));
    } else if (present.size() == 2) {
      mapping
          .entry("source")
          .ifPresent(entry ->
              at.report(
                  Reason.INVALID_FIELD,
                  entry.mark(),
                  "%s: `modelPath` and `source` exclude each other; keep one"
                      .formatted(at.named())));
    } else if (openai && !present.isEmpty()) {
      at.report(
          Reason.INVALID_FIELD,
          mapping.mark(),
          "%s: `%s` and `engine.baseUrl` exclude each other; keep one"
              .formatted(at.named(), present.getFirst()));
    }
  }
}
