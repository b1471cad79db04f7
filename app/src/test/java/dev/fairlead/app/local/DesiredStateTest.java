package dev.fairlead.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.VersionSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class DesiredStateTest {
  private final DesiredState desired =
      new DesiredState(Optional.empty(), Path.of("/work"), _ -> {});

  @Test
  void whatTheFilesSayIsWanted() {
    assertThat(desired.files(parse(model("chat", "a.gguf", 2)))).isEmpty();

    assertThat(served()).containsExactly("chat");
    assertThat(version().scaling().maxReplicas()).isEqualTo(2);
  }

  @Test
  void anEditWithAnErrorChangesNothing() {
    desired.files(parse(model("chat", "a.gguf", 2)));

    List<Problem> problems = desired.files(parse("kind: Modell\n"));

    assertThat(problems).isNotEmpty().allMatch(Problem::isError);
    assertThat(served()).containsExactly("chat");
  }

  @Test
  void anEditOfTheTemplateIsAnotherVersionAndAnEditOfTheScaleIsNot() {
    desired.files(parse(model("chat", "a.gguf", 2)));
    String first = version().name();

    desired.files(parse(model("chat", "a.gguf", 3)));
    assertThat(version().name()).isEqualTo(first);
    assertThat(version().scaling().maxReplicas()).isEqualTo(3);

    desired.files(parse(model("chat", "b.gguf", 3)));
    assertThat(version().name()).isNotEqualTo(first);
  }

  @Test
  void aVersionsTemplateCannotChangeUnderItsName() {
    desired.files(parse(modelVersion("v1", "a.gguf")));

    List<Problem> problems = desired.files(parse(modelVersion("v1", "b.gguf")));

    assertThat(problems).singleElement().extracting(Problem::message).asString().contains("v1");
    assertThat(version().source().toString()).contains("a.gguf");
  }

  @Test
  void whatIsAppliedStandsBesideTheFilesAndBeforeThem() {
    desired.files(parse(model("chat", "a.gguf", 2)));

    desired.apply(parse(model("chat", "a.gguf", 4)));
    desired.apply(parse(model("more", "c.gguf", 1)));

    assertThat(served()).containsExactly("chat", "more");
    assertThat(version().scaling().maxReplicas()).isEqualTo(4);
  }

  @Test
  void whatCannotBeAppliedLeavesNothingBehind() {
    desired.files(parse(model("chat", "a.gguf", 2)));

    List<Problem> problems =
        desired.apply(
            parse(
                """
                apiVersion: fairlead.dev/v1alpha1
                kind: Model
                metadata: {name: other}
                spec: {version: nowhere}
                """));

    assertThat(problems).anyMatch(Problem::isError);
    assertThat(served()).containsExactly("chat");
    assertThat(desired.files(parse(model("chat", "a.gguf", 3)))).isEmpty();
  }

  @Test
  void aRelativePathOfAnAppliedFileStartsAtItsFolder() {
    desired.apply(
        ResourceParser.parse(
            model("chat", "a.gguf", 1).replace("/models/", "weights/"), "/somewhere/chat.yaml"));

    assertThat(version().source().toString()).contains("/somewhere/weights/a.gguf");
  }

  @Test
  void aDeletedModelStaysAwayUntilItsFileSaysSomethingNew() {
    desired.files(parse(model("chat", "a.gguf", 2)));

    desired.delete(key(Resource.Kind.MODEL, "chat"));
    assertThat(served()).isEmpty();

    desired.files(parse(model("chat", "a.gguf", 2)));
    assertThat(served()).isEmpty();

    desired.files(parse(model("chat", "a.gguf", 3)));
    assertThat(served()).containsExactly("chat");
  }

  @Test
  void anEditOfAFileEndsWhatWasAppliedBeforeIt() {
    desired.files(parse(model("chat", "a.gguf", 2)));
    desired.apply(parse(model("chat", "a.gguf", 4)));

    desired.files(parse(model("chat", "a.gguf", 2) + "---\n" + model("more", "c.gguf", 1)));
    assertThat(version().scaling().maxReplicas())
        .as("the file says of it what it did")
        .isEqualTo(4);

    desired.files(parse(model("chat", "a.gguf", 3)));
    assertThat(version().scaling().maxReplicas()).isEqualTo(3);
  }

  @Test
  void aDeletedModelThatWasAppliedOverItsFileStaysAwayToo() {
    desired.files(parse(model("chat", "a.gguf", 2)));
    desired.apply(parse(model("chat", "a.gguf", 4)));

    desired.delete(key(Resource.Kind.MODEL, "chat"));
    desired.files(parse(model("chat", "a.gguf", 2)));

    assertThat(served()).isEmpty();
  }

  @Test
  void anEditThatBringsADeletedModelBackIsCheckedLikeAnyOther() {
    desired.files(parse(model("chat", "a.gguf", 2)));
    desired.delete(key(Resource.Kind.MODEL, "chat"));
    desired.apply(parse(named("other", "chat")));

    List<Problem> problems = desired.files(parse(model("chat", "a.gguf", 3)));

    assertThat(problems).as("the name is taken").isNotEmpty();
  }

  @Test
  void aPinDoesNotOutliveItsVersion() {
    desired.files(parse(modelVersion("v1", "a.gguf")));
    desired.pin("v1", OptionalInt.of(0));

    desired.delete(key(Resource.Kind.MODEL_VERSION, "v1"));
    desired.apply(parse(modelVersion("v1", "b.gguf")));

    assertThat(version().scaling().pinned()).isEmpty();
  }

  @Test
  void aVersionInUseRefusesItsDeletion() {
    desired.files(
        parse(
            modelVersion("v1", "a.gguf")
                + """
                ---
                apiVersion: fairlead.dev/v1alpha1
                kind: Model
                metadata: {name: chat}
                spec: {version: v1}
                """));

    List<Problem> problems = desired.delete(key(Resource.Kind.MODEL_VERSION, "v1"));

    assertThat(problems).anyMatch(Problem::isError);
    assertThat(served()).containsExactly("chat");
  }

  @Test
  void aPinHoldsUntilItIsTaken() {
    desired.files(parse(model("chat", "a.gguf", 2)));

    desired.pin(version().name(), OptionalInt.of(0));
    assertThat(version().scaling().pinned()).hasValue(0);

    desired.pin(version().name(), OptionalInt.empty());
    assertThat(version().scaling().pinned()).isEmpty();
  }

  private static ResourceKey key(Resource.Kind kind, String name) {
    return new ResourceKey(kind, "default", name);
  }

  private List<String> served() {
    return desired.snapshot().resolved().models().stream().map(ModelSpec::servedName).toList();
  }

  private VersionSpec version() {
    return desired.snapshot().resolved().versions().getFirst();
  }

  private static ParseResult parse(String yaml) {
    return ResourceParser.parse(yaml, "test.yaml");
  }

  private static String model(String name, String file, int max) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: Model
    metadata: {name: %s}
    spec: {template: {modelPath: /models/%s, maxReplicas: %d}}
    """
        .formatted(name, file, max);
  }

  private static String named(String name, String servedName) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: Model
    metadata: {name: %s}
    spec: {servedName: %s, template: {modelPath: /models/n.gguf}}
    """
        .formatted(name, servedName);
  }

  private static String modelVersion(String name, String file) {
    return """
    apiVersion: fairlead.dev/v1alpha1
    kind: ModelVersion
    metadata: {name: %s}
    spec: {modelPath: /models/%s}
    """
        .formatted(name, file);
  }
}
