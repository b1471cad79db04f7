package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.ModelSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  @Test
  void aFileBecomesAModelNamedAfterIt() {
    Model model = Resources.modelFromFile(Path.of("/x/Qwen2.5-0.5B-Instruct-Q4_K_M.gguf"));
    assertThat(model.metadata().name()).isEqualTo("qwen2.5-0.5b-instruct-q4-k-m");
    assertThat(model.spec().template().orElseThrow().modelPath())
        .hasValue("/x/Qwen2.5-0.5B-Instruct-Q4_K_M.gguf");
    assertThat(
            Resources.modelFromFile(Path.of("rel.gguf"))
                .spec()
                .template()
                .orElseThrow()
                .modelPath())
        .hasValueSatisfying(path -> assertThat(Path.of(path)).isAbsolute());
  }

  @Test
  void aUrlBecomesAModelNamedAfterItsFile() {
    assertThat(name("https://host/a/Tiny_Model-00001-of-00002.GGUF?download=true"))
        .isEqualTo("tiny-model");
    assertThat(name("pypi:pkg==1.0#dir/File.Q4_1.gguf")).isEqualTo("file.q4-1");
    assertThat(name("https://host/org/repo/")).isEqualTo("repo");
    assertThat(name("https://host")).isEqualTo("model");
  }

  private static String name(String uri) {
    return Resources.modelFromUrl(URI.create(uri)).metadata().name();
  }

  @Test
  void theDemoScalesToZeroAndSaysThatItIsAToy() {
    ResolvedResources resolved =
        Resources.resolve(List.of(Resources.demoModel()), Optional.empty(), Path.of("/"));
    assertThat(resolved.models()).extracting(ModelSpec::servedName).containsExactly("smollm2-135m");
    assertThat(resolved.versions().getFirst().scaling().minReplicas()).isZero();
    assertThat(resolved.versions().getFirst().label()).isEqualTo("toy");
  }

  @Test
  void slugsAreLegalNames() {
    for (String text :
        List.of("", "---", "..", "A..B", "a.-b-.c", "Ünïcode", "x".repeat(300), "a_.gguf")) {
      assertThat(ResourceNames.isSubdomain(ResourceNames.slug(text))).as(text).isTrue();
    }
    assertThat(ResourceNames.slug("a.-b-.c")).isEqualTo("a.b.c");
  }

  @Test
  void fieldsThatDoNothingHereAreListed() {
    String yaml =
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: Model
        metadata: {name: a, labels: {x: y}}
        spec:
          rollout: {strategy: Canary}
          template:
            modelPath: m
            storage: {claimName: c}
            engine: {name: vllm, image: i}
            nodeSelector: {zone: x}
            tolerations: []
            autoscaling: {headroom: 0.2, scaleToZeroAfter: 1m}
        """;
    Resource resource = ResourceParser.parse(yaml, "f").resources().getFirst();
    assertThat(Resources.ignoredLocally(resource))
        .containsExactly(
            "spec.template.storage",
            "spec.template.engine.image",
            "spec.template.nodeSelector",
            "spec.template.autoscaling.headroom",
            "spec.rollout.strategy");
    assertThat(Resources.ignoredLocally(Resources.demoModel())).isEmpty();
  }
}
