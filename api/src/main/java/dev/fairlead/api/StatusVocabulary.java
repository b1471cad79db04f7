package dev.fairlead.api;

import static dev.fairlead.api.Field.field;

import dev.fairlead.api.FieldType.ListOf;

/// The fields that Fairlead writes back, in the form of {@link Vocabulary}. Nothing reads them from
/// a file.
final class StatusVocabulary {
  private static final FieldType COUNT = Scalars.whole(0, Long.MAX_VALUE);
  private static final FieldType TEXT = Scalars.text();

  static final ObjectType CONDITION =
      ObjectType.of(
          Condition.class,
          field("type", TEXT, "What is judged: `Ready`, `Progressing`, `Degraded`, …"),
          field("status", Scalars.choice(Condition.Status.class), "The judgement."),
          field("reason", TEXT, "Why, in one machine-stable word."),
          field("message", Scalars.anyText(), "Why, and what to do."),
          field("lastTransitionTime", Scalars.instant(), "When `status` last changed."));

  private static final Field CONDITIONS =
      field("conditions", new ListOf(CONDITION), "The judgements.");

  static final ObjectType ARTIFACT =
      ObjectType.of(
          ArtifactStatus.class,
          field("format", TEXT, "The layout of the files."),
          field("architecture", TEXT, "The family of the model."),
          field("parameters", COUNT, "How many weights, 0 if unknown."),
          field("bytes", COUNT, "The size of the files.").in("bytes"),
          field("contextLength", COUNT, "The longest sequence.").in("tokens"),
          field("digest", TEXT, "The verified digest."));

  static final ObjectType MODEL_VERSION =
      ObjectType.of(
          ModelVersionStatus.class,
          CONDITIONS,
          field("replicas", COUNT, "How many exist."),
          field("readyReplicas", COUNT, "How many answer."),
          field("desiredReplicas", COUNT, "How many there shall be."),
          field("artifact", ARTIFACT, "What the files turned out to be."));

  static final ObjectType MODEL =
      ObjectType.of(
          ModelStatus.class,
          CONDITIONS,
          field("activeVersion", TEXT, "The ModelVersion that answers."),
          field("servedName", TEXT, "The id in use."),
          field("aliases", new ListOf(TEXT), "The further ids in use."));

  static final ObjectType TENANT =
      ObjectType.of(
          TenantStatus.class,
          CONDITIONS,
          field("validKeys", COUNT, "How many keys are valid now."),
          field("lastUsed", Scalars.instant(), "When one of them was last used."));

  private StatusVocabulary() {}
}
