package dev.fairlead.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ResourceParser;
import dev.fairlead.core.model.VersionSpec;
import java.nio.file.Path;
import java.util.Optional;

/// Versions for tests, read from YAML as a user's are. Stateless.
final class Versions {
  private Versions() {}

  /// One that is named `v`.
  static VersionSpec ofAFile() {
    return ofFile("a.gguf");
  }

  /// The same with a file of this name.
  static VersionSpec ofFile(String name) {
    DesiredState desired = new DesiredState(Optional.empty(), Path.of("/work"), _ -> {});
    assertThat(
            desired.files(
                ResourceParser.parse(
                    """
                    apiVersion: fairlead.dev/v1alpha1
                    kind: ModelVersion
                    metadata: {name: v}
                    spec: {modelPath: /models/%s}
                    """
                        .formatted(name),
                    "test.yaml")))
        .isEmpty();
    return desired.snapshot().resolved().versions().getFirst();
  }
}
