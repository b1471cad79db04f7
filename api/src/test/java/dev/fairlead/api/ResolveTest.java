package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.model.VersionSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ResolveTest {
  private static final String TOP = "apiVersion: fairlead.dev/v1alpha1\nkind: ";

  private static String version(String name, String spec) {
    return "---\n" + TOP + "ModelVersion\nmetadata: {name: " + name + "}\nspec: {" + spec + "}\n";
  }

  private static String model(String name, String spec) {
    return "---\n" + TOP + "Model\nmetadata: {name: " + name + "}\nspec: {" + spec + "}\n";
  }

  private static ResolvedResources resolve(String... documents) {
    ParseResult parsed = ResourceParser.parse(String.join("", documents), "/etc/fairlead/f.yaml");
    assertThat(parsed.problems()).isEmpty();
    return Resources.resolve(parsed, Optional.of(Path.of("/data/m")));
  }

  private static List<String> texts(ResolvedResources resolved) {
    return resolved.problems().stream().map(Problem::text).toList();
  }

  @Test
  void aVersionAloneIsServedUnderItsNameWithTheDefaults() {
    ResolvedResources resolved = resolve(version("gpt2-1.5b", "modelPath: /models/gpt2"));
    assertThat(resolved.problems()).isEmpty();
    assertThat(resolved.models())
        .containsExactly(new ModelSpec("gpt2-1.5b", "gpt2-1.5b", List.of(), "gpt2-1.5b"));
    assertThat(resolved.versions())
        .containsExactly(
            new VersionSpec(
                "gpt2-1.5b",
                "",
                new ModelSource.LocalPath("/data/m/gpt2"),
                new EngineSpec(Optional.empty(), List.of(), Map.of(), 4, OptionalInt.empty()),
                new Scaling(1, 1, OptionalInt.empty(), Duration.ofMinutes(5)),
                Duration.ofSeconds(45),
                Duration.ofHours(1)));
  }

  @Test
  void everyFieldThatCountsLocallyArrives() {
    ResolvedResources resolved =
        resolve(
            model(
                "chat",
                "servedName: org/chat, aliases: [c, org/chat, c], template: {version: v1, source:"
                    + " {uri: 'hf:o/r', revision: main, secretRef: hub}, engine: {name: vllm, args:"
                    + " [-x], env: {A: b}, maxBatchSize: 8, contextLength: 99}, replicas: 2,"
                    + " minReplicas: 0, maxReplicas: 3, autoscaling: {scaleToZeroAfter: 1m},"
                    + " coldStart: {nonStreamingWait: 2s}, maxStreamDuration: 3h}"));
    VersionSpec version = resolved.versions().getFirst();
    assertThat(version.name()).matches("chat-[0-9a-f]{8}");
    assertThat(resolved.models())
        .containsExactly(new ModelSpec("chat", "org/chat", List.of("c"), version.name()));
    assertThat(version)
        .isEqualTo(
            new VersionSpec(
                version.name(),
                "v1",
                new ModelSource.Remote(
                    "hf:o/r", Optional.of("main"), Optional.empty(), Optional.of("hub")),
                new EngineSpec(
                    Optional.of("vllm"), List.of("-x"), Map.of("A", "b"), 8, OptionalInt.of(99)),
                new Scaling(0, 3, OptionalInt.of(2), Duration.ofMinutes(1)),
                Duration.ofSeconds(2),
                Duration.ofHours(3)));
  }

  @Test
  void theMostReplicasFollowTheFewest() {
    assertThat(
            resolve(version("a", "modelPath: m, minReplicas: 3")).versions().getFirst().scaling())
        .isEqualTo(new Scaling(3, 3, OptionalInt.empty(), Duration.ofMinutes(5)));
    assertThat(
            resolve(version("a", "modelPath: m, minReplicas: 0")).versions().getFirst().scaling())
        .isEqualTo(new Scaling(0, 1, OptionalInt.empty(), Duration.ofMinutes(5)));
  }

  @Test
  void scalingThatIsOffPinsTheFewestReplicas() {
    assertThat(
            resolve(version("a", "modelPath: m, minReplicas: 2, autoscaling: {mode: 'Off'}"))
                .versions()
                .getFirst()
                .scaling()
                .pinned())
        .hasValue(2);
  }

  @Test
  void pathsAreFoundOnThisMachine() {
    assertThat(located("/models/x/y.gguf")).isEqualTo("/data/m/x/y.gguf");
    assertThat(located("/models")).isEqualTo("/data/m");
    assertThat(located("/modelsx/y")).isEqualTo("/modelsx/y");
    assertThat(located("/srv/y.gguf")).isEqualTo("/srv/y.gguf");
    assertThat(located("../y.gguf")).isEqualTo("/etc/y.gguf");
    assertThat(located("/models/../secret")).isEqualTo("/secret");
    assertThat(ModelPaths.locate("/models/x", Optional.empty(), Path.of("/b")))
        .isEqualTo(Path.of("/models/x"));
  }

  private static String located(String path) {
    VersionSpec version = resolve(version("a", "modelPath: " + path)).versions().getFirst();
    return ((ModelSource.LocalPath) version.source()).path();
  }

  @Test
  void aModelPointsToAVersionOfTheSameFile() {
    ResolvedResources resolved =
        resolve(
            model("chat", "version: chat-v2"),
            version("chat-v2", "modelPath: m"),
            model("also", "version: chat-v2"));
    assertThat(resolved.problems()).isEmpty();
    assertThat(resolved.models())
        .extracting(ModelSpec::name, ModelSpec::version)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("chat", "chat-v2"),
            org.assertj.core.api.Assertions.tuple("also", "chat-v2"));
    assertThat(resolved.versions()).hasSize(1);
  }

  @Test
  void aVersionThatIsNotThereIsAnErrorWithTheNearestName() {
    ResolvedResources resolved =
        resolve(model("chat", "version: chat-v1"), version("chat-v2", "modelPath: m"));
    assertThat(texts(resolved))
        .containsExactly(
            "/etc/fairlead/f.yaml:2:1: Model `chat`: there is no ModelVersion `chat-v1`; did you mean"
                + " `chat-v2`?");
    assertThat(resolved.hasErrors()).isTrue();
    assertThat(resolved.models()).extracting(ModelSpec::name).containsExactly("chat-v2");
  }

  @Test
  void theFirstHolderKeepsAServedName() {
    ResolvedResources resolved =
        resolve(
            model("a", "servedName: chat, aliases: [x], template: {modelPath: m}"),
            model("b", "servedName: chat, template: {modelPath: n}"),
            model("c", "aliases: [x, y], template: {modelPath: o}"));
    assertThat(texts(resolved))
        .containsExactly(
            "/etc/fairlead/f.yaml:7:1: warning: Model `b`: the served name `chat` is held by Model"
                + " `a` in /etc/fairlead/f.yaml:2; choose another",
            "/etc/fairlead/f.yaml:12:1: warning: Model `c`: the alias `x` is held by Model `a` in"
                + " /etc/fairlead/f.yaml:2; choose another");
    assertThat(resolved.problems())
        .allMatch(problem -> problem.reason() == Problem.Reason.NAME_TAKEN);
    assertThat(resolved.models()).extracting(ModelSpec::name).containsExactly("a", "c");
    assertThat(resolved.models().getLast().aliases()).containsExactly("y");
    assertThat(resolved.versions()).hasSize(2);
  }

  @Test
  void oneNameInTwoNamespacesCannotBothRunHere() {
    String other = version("a", "modelPath: n").replace("{name: a}", "{name: a, namespace: other}");
    ResolvedResources resolved = resolve(version("a", "modelPath: m"), other);
    assertThat(resolved.versions()).hasSize(1);
    assertThat(resolved.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.reason()).isEqualTo(Problem.Reason.NAME_TAKEN));
  }

  @Test
  void scalingChangesInPlaceAndAnEditMakesANewVersion() {
    VersionSpec before = resolve(model("a", "template: {modelPath: m}")).versions().getFirst();
    VersionSpec scaled =
        resolve(model("a", "template: {modelPath: m, maxReplicas: 5}")).versions().getFirst();
    VersionSpec edited = resolve(model("a", "template: {modelPath: n}")).versions().getFirst();
    assertThat(scaled.name()).isEqualTo(before.name());
    assertThat(scaled.scaling().maxReplicas()).isEqualTo(5);
    assertThat(edited.name()).isNotEqualTo(before.name());
  }

  @Test
  void aServerElsewhereIsOneReplicaWithoutFiles() {
    ResolvedResources resolved =
        resolve(
            version(
                "big",
                "engine: {name: openai, baseUrl: 'https://host/v1/', upstreamModel: org/big,"
                    + " secretRef: host}"));
    VersionSpec version = resolved.versions().getFirst();
    assertThat(version.source())
        .isEqualTo(new ModelSource.Upstream("https://host/v1", "org/big", Optional.of("host")));
    assertThat(version.scaling().pinned()).hasValue(1);
    assertThat(version.engine().maxBatchSize()).isEqualTo(64);
  }

  @Test
  void theServerThatHelpsAModelOutIsNotServedByItself() {
    ResolvedResources resolved =
        resolve(
            version("big", "engine: {name: openai, baseUrl: 'http://host'}"),
            model("chat", "template: {modelPath: m}, overflow: {version: big}"));
    assertThat(resolved.models())
        .singleElement()
        .satisfies(model -> {
          assertThat(model.servedName()).isEqualTo("chat");
          assertThat(model.overflow()).hasValue("big");
        });
    assertThat(resolved.versions()).extracting(VersionSpec::name).contains("big").hasSize(2);
  }

  @Test
  void onlyAServerElsewhereHelpsOut() {
    ResolvedResources resolved =
        resolve(
            version("own", "modelPath: m"),
            model("chat", "template: {modelPath: m}, overflow: {version: own}"),
            model("code", "template: {modelPath: n}, overflow: {version: none}"));
    assertThat(texts(resolved))
        .anyMatch(text -> text.contains("`own` does not have the engine `openai`"))
        .anyMatch(text -> text.contains("there is no ModelVersion `none`"));
  }
}
