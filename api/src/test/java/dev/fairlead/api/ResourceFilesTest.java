package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceFilesTest {
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final String ONE =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: ModelVersion
      metadata: {name: a}
      spec: {modelPath: m}
      """;

  @TempDir Path folder = Path.of("");

  @Test
  void theExamplesAreRight() {
    ParseResult parsed = ResourceFiles.read(List.of(EXAMPLES));
    assertThat(parsed.problems()).isEmpty();
    ResolvedResources resolved = Resources.resolve(parsed, Optional.of(Path.of("/data")));
    assertThat(resolved.problems()).isEmpty();
    assertThat(resolved.models())
        .extracting(ModelSpec::servedName)
        .containsExactly("gpt2-1.5b", "smollm2-135m", "team/small", "search");
    assertThat(parsed.resources()).allMatch(one -> Resources.ignoredLocally(one).isEmpty());
  }

  @Test
  void theExampleOfADemoRunsTheDemosFile() {
    ParseResult parsed = ResourceFiles.read(List.of(EXAMPLES.resolve("model.yaml")));
    Model example = (Model) parsed.resources().getFirst();
    assertThat(example.spec().template().orElseThrow().source())
        .isEqualTo(Resources.demoModel().spec().template().orElseThrow().source());
  }

  @Test
  void aFolderIsReadByNameAndRelativePathsStartThere() throws IOException {
    Files.writeString(folder.resolve("b.yml"), ONE.replace("a}", "b}"));
    Files.writeString(folder.resolve("a.yaml"), ONE);
    Files.writeString(folder.resolve("notes.txt"), "x: y: z");
    ParseResult parsed = ResourceFiles.read(List.of(folder));
    assertThat(parsed.problems()).isEmpty();
    assertThat(Resources.resolve(parsed, Optional.empty()).versions())
        .extracting(version -> ((ModelSource.LocalPath) version.source()).path())
        .containsExactly(folder.resolve("m").toString(), folder.resolve("m").toString());
  }

  @Test
  void whatCannotBeReadIsAProblem() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    Path model = folder.resolve("x.gguf");
    Files.write(model, new byte[] {'G', (byte) 0xff, (byte) 0xfe});
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(ResourceFiles.read(List.of(missing, model, empty)).problems())
        .extracting(Problem::text)
        .containsExactly(
            missing + ": there is no such file",
            model + ": the file is not UTF-8 text; is it a model?",
            empty + ": warning: there is no .yaml, .yml or .json file in this folder");
  }
}
