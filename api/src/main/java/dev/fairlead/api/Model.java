package dev.fairlead.api;

import java.util.List;
import java.util.Optional;

/// A served name and how it runs: what a user writes first.
public record Model(Metadata metadata, Spec spec) implements Resource {

  @Override
  public Kind kind() {
    return Kind.MODEL;
  }

  /// Exactly one of `template` (each edit of a template-relevant field makes a new version) and
  /// `version` (the name of a ModelVersion in the same namespace).
  public record Spec(
      Optional<ModelVersion.Spec> template,
      Optional<String> version,
      Optional<String> servedName,
      List<String> aliases,
      Optional<Rollout> rollout,
      Optional<Overflow> overflow) {
    public Spec {
      if (template.isPresent() == version.isPresent()) {
        throw new IllegalArgumentException("exactly one of template and version must be there");
      }
      aliases = List.copyOf(aliases);
    }

    /// Runs `template` under the model's own name.
    public static Spec ofTemplate(ModelVersion.Spec template) {
      return new Spec(
          Optional.of(template),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());
    }
  }

  /// Where requests go while the model's own replicas start or are full: the name of a ModelVersion
  /// in the same namespace whose engine is a server elsewhere.
  public record Overflow(String version) {}

  /// How a new version takes over from the old one.
  public record Rollout(Optional<Strategy> strategy) {}

  /// The ways to take over.
  public enum Strategy implements Word {
    AUTO("Auto"),
    BLUE_GREEN("BlueGreen"),
    CANARY("Canary"),
    RECREATE("Recreate");

    private final String word;

    Strategy(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }
}
