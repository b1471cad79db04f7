package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResourceParserTest {
  private static final String ONE =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: ModelVersion
      metadata: {name: a}
      spec: {modelPath: m}
      """;

  @Test
  void documentsThatHoldNothingAreSkipped() {
    ParseResult result = ResourceParser.parse("---\n# nothing\n---\n" + ONE + "---\n", "f.yaml");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources()).hasSize(1);
    assertThat(result.origins().values()).containsExactly(new Origin("f.yaml", 4, 1));
  }

  @Test
  void aFileWithoutAResourceIsAWarning() {
    ParseResult result = ResourceParser.parse("# only words\n", "f.yaml");
    assertThat(result.hasErrors()).isFalse();
    assertThat(result.problems())
        .extracting(Problem::text)
        .containsExactly("f.yaml: warning: there is no resource in this file");
  }

  @Test
  void aGoodDocumentBeforeABadOneIsKept() {
    ParseResult result = ResourceParser.parse(ONE + "---\nx: a: b\n", "f.yaml");
    assertThat(result.resources()).hasSize(1);
    assertThat(result.problems()).extracting(Problem::line).containsExactly(6);
  }

  @Test
  void jsonMayBeIndentedWithTabs() {
    String json =
        """
        {
        \t"apiVersion": "fairlead.dev/v1alpha1", "kind": "ModelVersion",
        \t"metadata": {"name": "a"}, "spec": {"modelPath": "m"}}
        """;
    assertThat(ResourceParser.parse(json, "-").resources())
        .isEqualTo(ResourceParser.parse(ONE, "-").resources());
  }

  @Test
  void jsonMistakesHaveLines() {
    String json = "{\"apiVersion\": \"fairlead.dev/v1alpha1\",\n \"kind\": \"Mode\"}";
    assertThat(ResourceParser.parse(json, "f.json").problems())
        .extracting(Problem::text)
        .containsExactly("f.json:2:10: unknown kind `Mode`; did you mean `Model`?");
  }

  @Test
  void whatKubectlPrintsIsTaken() {
    String yaml =
        """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: fairlead.dev/v1alpha1
          kind: ModelVersion
          metadata: {name: a, uid: "1", generation: 3, managedFields: [{x: y}]}
          spec: {modelPath: m}
          status: {replicas: 1}
        """;
    ParseResult result = ResourceParser.parse(yaml, "f.yaml");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources()).isEqualTo(ResourceParser.parse(ONE, "f").resources());
  }

  @Test
  void anchorsAndMergeKeysWork() {
    String yaml =
        """
        apiVersion: fairlead.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: a}
        spec:
          modelPath: m
          nodeSelector: &zone {zone: x, disk: ssd}
          engine: {env: {<<: *zone, disk: hdd}}
        """;
    ParseResult result = ResourceParser.parse(yaml, "f.yaml");
    assertThat(result.problems()).isEmpty();
    ModelVersion version = (ModelVersion) result.resources().getFirst();
    assertThat(version.spec().engine().orElseThrow().env())
        .containsEntry("zone", "x")
        .containsEntry("disk", "hdd");
  }

  @Test
  void aResourceThatIsThereTwiceIsNamedWithBothPlaces() {
    ParseResult within = ResourceParser.parse(ONE + "---\n" + ONE, "f.yaml");
    assertThat(within.problems())
        .extracting(Problem::text)
        .containsExactly(
            "f.yaml:6:1: ModelVersion `a` is there twice: in f.yaml:1 and in f.yaml:6");
    ParseResult across =
        ResourceParser.combine(
            List.of(ResourceParser.parse(ONE, "f.yaml"), ResourceParser.parse(ONE, "g.yaml")));
    assertThat(across.resources()).hasSize(1);
    assertThat(across.problems())
        .extracting(Problem::text)
        .containsExactly(
            "g.yaml:1:1: ModelVersion `a` is there twice: in f.yaml:1 and in g.yaml:1");
  }

  @Test
  void hugeNumbersInOpaqueTreesCostNothing() {
    String yaml = ONE.replace("m}", "m, podTemplate: {x: 1e999999999, y: .inf}}");
    ParseResult result = ResourceParser.parse(yaml, "f.yaml");
    assertThat(result.resources().size() + result.problems().size()).isEqualTo(1);
  }

  /// Typing mistakes of every kind: whatever the text, the answer is a list of problems.
  @Test
  void noTextMakesTheParserThrow() {
    String spice = "{}[]:,&*!|>%@`'\"#-?<\t\n \\x\u0000\uFEFF\uD800e9._0~=";
    for (int seed = 0; seed < 1000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Resource resource = new Generated(random).resource();
      StringBuilder text =
          new StringBuilder(
              random.nextBoolean()
                  ? ResourceWriter.yaml(resource)
                  : ResourceWriter.json(resource, Optional.empty()));
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        int at = random.nextInt(text.length());
        String typed = String.valueOf(spice.charAt(random.nextInt(spice.length())));
        text.replace(at, at + random.nextInt(2), typed);
      }
      ParseResult result = ResourceParser.parse(text.toString(), "f");
      assertThat(result.resources().size() + result.problems().size()).isPositive();
      assertThat(Resources.resolve(result, Optional.empty()).versions()).doesNotContainNull();
    }
  }
}
