package dev.fairlead.app.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WantedTest {
  private static final String YAML =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: Model
      metadata: {name: %s}
      spec: {template: {modelPath: /models/a.gguf}}
      """;

  @TempDir private Path folder;

  /// None of these names a server.
  private static Wanted wanted(List<String> models, List<Path> files) {
    return Wanted.of(
        models,
        files,
        () -> {
          throw new AssertionError("no server was named");
        });
  }

  @Test
  void withoutAnythingTheToyIsServed() {
    Wanted wanted = wanted(List.of(), List.of());

    assertThat(wanted.demo()).isTrue();
    assertThat(names(wanted.read())).containsExactly("smollm2-135m");
    assertThat(wanted.changed()).isEmpty();
  }

  @Test
  void aFileAndAUrlAreNamedAfterThemselves() {
    Wanted wanted =
        wanted(List.of("/m/Qwen2.5-0.5B.gguf", "https://models.example/tiny-Q4.gguf"), List.of());

    assertThat(wanted.demo()).isFalse();
    assertThat(wanted.oneLine()).isTrue();
    assertThat(names(wanted.read())).containsExactly("qwen2.5-0.5b", "tiny-q4");
  }

  @Test
  void yamlWithoutItsOptionIsExplained() {
    assertThatThrownBy(() -> wanted(List.of("models.yaml"), List.of()))
        .hasMessageContaining("-f models.yaml");
  }

  @Test
  void anEditIsSeenOnceAndAnotherFileOfTheFolderToo() throws IOException {
    Path first = Files.writeString(folder.resolve("a.yaml"), YAML.formatted("one"));
    Wanted wanted = wanted(List.of(), List.of(folder));
    assertThat(names(wanted.read())).containsExactly("one");
    assertThat(wanted.changed()).isEmpty();

    Files.writeString(first, YAML.formatted("two"));
    Files.setLastModifiedTime(first, FileTime.from(Instant.EPOCH));
    assertThat(wanted.changed()).hasValueSatisfying(now -> assertThat(names(now)).contains("two"));
    assertThat(wanted.changed()).isEmpty();

    Files.writeString(folder.resolve("b.yaml"), YAML.formatted("three"));
    assertThat(wanted.changed())
        .hasValueSatisfying(now -> assertThat(names(now)).containsExactly("two", "three"));
  }

  @Test
  void whatIsPrintedIsWhatWouldBeServed() {
    String yaml = Wanted.yaml(wanted(List.of(), List.of()).read());

    assertThat(yaml).contains("kind: Model").contains("name: smollm2-135m").contains("sha256:");
  }

  private static List<String> names(ParseResult result) {
    return result.resources().stream().map(resource -> resource.metadata().name()).toList();
  }
}
