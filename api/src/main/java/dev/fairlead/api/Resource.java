package dev.fairlead.api;

/// One document of the user's YAML. Equality is that of the content: where it was read stands in
/// {@link ParseResult#origins()}.
public sealed interface Resource permits Model, ModelVersion, Tenant {
  /// The group and version that every resource states.
  String API_VERSION = "fairlead.dev/v1alpha1";

  Metadata metadata();

  Kind kind();

  /// What is unique: two resources with one key are a mistake.
  default ResourceKey key() {
    return new ResourceKey(kind(), metadata().namespace().orElse("default"), metadata().name());
  }

  /// The kinds that can be written.
  enum Kind implements Word {
    MODEL("Model"),
    MODEL_VERSION("ModelVersion"),
    TENANT("Tenant");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }
}
