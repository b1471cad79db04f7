package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import java.util.Map;

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

  /// One number must not be over another.
  record NotOver(String lower, String upper) implements Rule {
    @Override
    public String described() {
      return "`%s` is at most `%s`.".formatted(lower, upper);
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
    }
  }
}
