package dev.fairlead.api;

import java.util.Optional;

/// One row of the vocabulary: everything that anyone needs to know about a field. Rows are made by
/// {@link #field} and refined by the methods that read like a sentence.
///
/// @param fallback what an absent value means, where it is one fixed value
/// @param fallbackText how the reference page says what an absent value means
/// @param unit what a number counts, or empty
/// @param locally what the field does on one machine where that is not plain from `doc`
/// @param onKubernetes likewise in a cluster
record Field(
    String name,
    FieldType type,
    Need need,
    Optional<Object> fallback,
    String fallbackText,
    String unit,
    String doc,
    Change change,
    String locally,
    String onKubernetes) {

  /// What `locally` says of a field that has no effect there.
  static final String IGNORED = "ignored";

  /// Whether a field may be written.
  enum Need {
    REQUIRED,
    OPTIONAL
  }

  /// What an edit does.
  enum Change {
    /// The edit makes a new version, a ModelVersion refuses it.
    NEW_VERSION("new version"),
    IN_PLACE("in place"),
    /// The edit makes another resource.
    FIXED("fixed");

    private final String label;

    Change(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  static Field field(String name, FieldType type, String doc) {
    return new Field(
        name, type, Need.OPTIONAL, Optional.empty(), "", "", doc, Change.IN_PLACE, "", "");
  }

  Field required() {
    return with(Need.REQUIRED, change, locally);
  }

  Field newVersion() {
    return with(need, Change.NEW_VERSION, locally);
  }

  Field fixed() {
    return with(need, Change.FIXED, locally);
  }

  Field locally(String effect) {
    return with(need, change, effect);
  }

  Field onlyKubernetes() {
    return with(need, change, IGNORED);
  }

  boolean ignoredLocally() {
    return locally.equals(IGNORED);
  }

  private Field with(Need newNeed, Change newChange, String newLocally) {
    return new Field(
        name,
        type,
        newNeed,
        fallback,
        fallbackText,
        unit,
        doc,
        newChange,
        newLocally,
        onKubernetes);
  }

  Field byDefault(Object value) {
    String text = type.write(value).asText();
    return new Field(
        name, type, need, Optional.of(value), text, unit, doc, change, locally, onKubernetes);
  }

  Field otherwise(String text) {
    return new Field(name, type, need, fallback, text, unit, doc, change, locally, onKubernetes);
  }

  Field in(String newUnit) {
    return new Field(
        name, type, need, fallback, fallbackText, newUnit, doc, change, locally, onKubernetes);
  }

  Field onKubernetes(String effect) {
    return new Field(name, type, need, fallback, fallbackText, unit, doc, change, locally, effect);
  }
}
