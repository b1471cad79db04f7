package dev.fairlead.api;

/// Writes `docs/reference/resources.md` from the vocabulary, so that the page cannot lie.
final class ReferencePage {
  private static final String INTRODUCTION =
      """
      # Resources

      <!-- Generated from dev.fairlead.api.Vocabulary, and compared by ReferencePageTest, whose message
           says how to write it anew. -->

      Every resource has `apiVersion: fairlead.dev/v1alpha1`. The same YAML works on one machine
      (`fairlead up -f FILE`) and on Kubernetes (`kubectl apply -f FILE`). An unknown field is an error.
      Durations are written `500ms`, `45s`, `5m` or `1h30m`; quantities `4Gi`, `500m` or `2`.
      Text that YAML takes for a number or a flag needs quotes: `version: "1.0"`, `mode: "Off"`.

      *Edit* says what a change of a field does. **new version**: a Model makes a new version and
      moves over to it, a ModelVersion refuses the change. **in place**: what runs takes it up.
      **fixed**: another value makes another resource. A field that is **ignored** locally is named once at
      start. An empty cell under *Locally* or *On Kubernetes* means: as the meaning says.
      """;
  private static final String COLUMNS =
      """

      | field | type | default | meaning | locally | on Kubernetes | edit |
      |---|---|---|---|---|---|---|
      """;
  private static final String STATUS_COLUMNS =
      """

      | field | type | meaning |
      |---|---|---|
      """;

  private final StringBuilder page = new StringBuilder();

  private ReferencePage() {}

  static String markdown() {
    ReferencePage writer = new ReferencePage();
    writer.page.append(INTRODUCTION);
    writer.line("\n## Model\n\nA served name and how it runs.");
    writer.fields("spec", Vocabulary.MODEL_SPEC, Field.Change.FIXED, false);
    writer.status(StatusVocabulary.MODEL);
    writer.line("\n## ModelVersion\n\nOne version of one model, and the `template` of a Model.");
    writer.fields("spec", Vocabulary.VERSION_SPEC, Field.Change.FIXED, false);
    writer.status(StatusVocabulary.MODEL_VERSION);
    writer.line("\n## Tenant\n\nA team that asks, what it may use and how much.");
    writer.fields("spec", TenantVocabulary.SPEC, Field.Change.FIXED, false);
    writer.status(StatusVocabulary.TENANT);
    writer.line("\n## Metadata\n\nOf every kind.");
    writer.fields("metadata", Vocabulary.METADATA, Field.Change.FIXED, false);
    return writer.page.toString();
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  /// The rows of an object and of those inside it; `change` and `ignored` are what its own row says
  /// where that covers all inside.
  private void fields(String path, ObjectType type, Field.Change change, boolean ignored) {
    page.append(COLUMNS);
    rows(path, type, change, ignored);
    rules(path, type);
  }

  private void rows(String path, ObjectType type, Field.Change change, boolean ignored) {
    for (Field field : type.fields()) {
      Field.Change own = change == Field.Change.NEW_VERSION ? change : field.change();
      boolean nothing = ignored || field.ignoredLocally();
      String fieldPath = path + "." + field.name();
      row(fieldPath, field, own, nothing);
      if (field.type() instanceof ObjectType inner && !inner.equals(Vocabulary.VERSION_SPEC)) {
        rows(fieldPath, inner, own, nothing);
      } else if (field.type() instanceof FieldType.ListOf(ObjectType item)) {
        rows(fieldPath + "[]", item, own, nothing);
      }
    }
  }

  private void row(String path, Field field, Field.Change change, boolean ignored) {
    String type =
        field.type().equals(Vocabulary.VERSION_SPEC)
            ? "spec of a ModelVersion"
            : label(field.type());
    String unit = field.unit().isEmpty() ? "" : ", " + field.unit();
    String fallback = field.need() == Field.Need.REQUIRED ? "*required*" : field.fallbackText();
    line(
        "| `%s` | %s%s | %s | %s | %s | %s | %s |"
            .formatted(
                path,
                type,
                unit,
                fallback,
                field.doc(),
                ignored ? "ignored" : field.locally(),
                field.onKubernetes(),
                field.type().equals(Vocabulary.VERSION_SPEC) ? "see there" : change.label()));
  }

  private void rules(String path, ObjectType type) {
    if (!type.rules().isEmpty()) {
      line("");
    }
    type.rules().forEach(rule -> line("In `" + path + "`: " + rule.described()));
  }

  private static String label(FieldType type) {
    return type.label().replace("|", "\\|");
  }

  private void status(ObjectType type) {
    page.append(STATUS_COLUMNS);
    statusRows("status", type);
  }

  private void statusRows(String path, ObjectType type) {
    for (Field field : type.fields()) {
      String fieldPath = path + "." + field.name();
      line("| `%s` | %s | %s |".formatted(fieldPath, label(field.type()), field.doc()));
      if (field.type() instanceof ObjectType inner) {
        statusRows(fieldPath, inner);
      } else if (field.type() instanceof FieldType.ListOf(ObjectType item)) {
        statusRows(fieldPath + "[]", item);
      }
    }
  }
}
