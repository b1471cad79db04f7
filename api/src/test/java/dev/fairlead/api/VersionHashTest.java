package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VersionHashTest {
  private static ModelVersion.Spec spec(String fields) {
    String yaml =
        "apiVersion: fairlead.dev/v1alpha1\nkind: ModelVersion\nmetadata: {name: a}\nspec: {"
            + fields
            + "}\n";
    ParseResult result = ResourceParser.parse(yaml, "f.yaml");
    assertThat(result.problems()).isEmpty();
    return ((ModelVersion) result.resources().getFirst()).spec();
  }

  private static String hash(String fields) {
    return VersionHash.of(spec(fields));
  }

  /// Another value means that every user's models restart after an upgrade.
  @Test
  void theNameOfAVersionIsTheSameInEveryRelease() {
    assertThat(
            VersionHash.nameOf(
                "smollm2-135m", Resources.demoModel().spec().template().orElseThrow()))
        .isEqualTo("smollm2-135m-a569f335");
    assertThat(
            hash(
                "modelPath: /models/x, version: v1, engine: {name: vllm, args: [--a, b], env: {B: c,"
                    + " A: d}, maxBatchSize: 8}, resources: {limits: {nvidia.com/gpu: 1}}, spot: true"))
        .isEqualTo("4f758f4c");
  }

  @Test
  void orderDefaultsAndScalingDoNotMatter() {
    String plain = hash("modelPath: m, nodeSelector: {a: b, c: d}");
    assertThat(
            hash(
                "nodeSelector: {c: d, a: b}, modelPath: m, engine: {maxBatchSize: 4}, spot: false,"
                    + " replicas: 1, minReplicas: 0, maxReplicas: 9, autoscaling: {mode: 'Off'},"
                    + " coldStart: {nonStreamingWait: 1s}, maxStreamDuration: 2h, placement: {x: y}"))
        .isEqualTo(plain);
  }

  @Test
  void everythingThatNeedsANewEngineMatters() {
    assertThat(hash("modelPath: m"))
        .isNotEqualTo(hash("modelPath: n"))
        .isNotEqualTo(hash("modelPath: m, version: v2"))
        .isNotEqualTo(hash("modelPath: m, engine: {maxBatchSize: 5}"))
        .isNotEqualTo(hash("modelPath: m, engine: {args: [x]}"))
        .isNotEqualTo(hash("modelPath: m, podTemplate: {x: y}"));
    assertThat(hash("modelPath: m, engine: {args: [x, y]}"))
        .isNotEqualTo(hash("modelPath: m, engine: {args: [y, x]}"));
  }

  @Test
  void printingAndReadingKeepsTheHash() {
    for (int seed = 0; seed < 200; seed++) {
      ModelVersion.Spec spec = new Generated(new SplittableRandom(seed)).spec();
      String yaml = ResourceWriter.yaml(new ModelVersion(Metadata.named("a"), spec));
      ModelVersion read = (ModelVersion) ResourceParser.parse(yaml, "f").resources().getFirst();
      assertThat(VersionHash.of(read.spec())).isEqualTo(VersionHash.of(spec));
    }
  }

  @Test
  void aLongNameIsCutSoThatTheVersionsNameIsLegal() {
    String name = VersionHash.nameOf("a".repeat(243) + "." + "b".repeat(9), spec("modelPath: m"));
    assertThat(ResourceNames.isSubdomain(name)).isTrue();
    assertThat(name).startsWith("a".repeat(243) + "-").hasSize(252);
  }
}
