package dev.fairlead.app.config;

import java.util.List;
import java.util.function.Function;

/// One concern of the configuration: a mapping at the top of the file and the record of it.
///
/// @param doc one line for the reference page
public record Section<T>(String name, String doc, Group<T> group) {

  /// A section of these options; `builder` makes its record, also from no values at all.
  public static <T> Section<T> of(
      String name, String doc, List<Option<?>> options, Function<Values, T> builder) {
    return new Section<>(name, doc, new Group<>(options, builder));
  }
}
