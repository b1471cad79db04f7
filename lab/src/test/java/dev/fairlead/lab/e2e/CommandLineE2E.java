package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.harness.Start;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The commands against a Fairlead that runs.
class CommandLineE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static FairleadProcess fairlead;

  @BeforeAll
  static void start() {
    fairlead = FAIRLEADS.up(Start.with());
  }

  @Test
  void chatAnswersAndTheLogsShowTheEngine() {
    // Without a system prompt the toy may ramble until its context is full.
    Finished chat =
        run(
            "chat",
            Ingredients.DEMO,
            "--system",
            "You are a helpful assistant. Answer with one word.",
            "--once",
            "What is the capital of France?");
    assertThat(chat.out()).isNotBlank();

    assertThat(run("logs", Ingredients.DEMO, "--tail", "50").out()).contains("slot");
    assertThat(run("top", "--once").out()).contains(Ingredients.DEMO).contains("TTFT");
  }

  @Test
  void everyCommandHasTheSameCollectorUnlessToldOtherwise() {
    assertThat(fairlead.collectors()).containsExactly("-XX:+UseSerialGC");
    assertThat(flags("")).contains("-XX:+UseSerialGC");
    assertThat(flags("-XX:+UseParallelGC"))
        .contains("-XX:+UseParallelGC")
        .doesNotContain("-XX:+UseSerialGC");
  }

  /// What the JVM of a short command runs with.
  private static String flags(String options) {
    Finished version =
        FAIRLEADS.run(
            Map.of("FAIRLEAD_JAVA_OPTS", options + " -XX:+PrintCommandLineFlags"), "version");
    assertThat(version.exitCode()).as(version.all()).isZero();
    return version.out();
  }

  @Test
  void getAndDescribeShowWhatIsServed() {
    assertThat(run("get").out()).contains("NAME").contains(Ingredients.DEMO);
    assertThat(Json.parse(run("get", "models", "-o", "json").out()).findValuesAsText("name"))
        .contains(Ingredients.DEMO);
    assertThat(run("get", "versions", "-o", "yaml").out()).contains("kind: ModelVersion");
    assertThat(run("describe", Ingredients.DEMO).out())
        .contains("llama.cpp")
        .contains("Events")
        .contains("Prepared");
  }

  @Test
  void modelsComeAndGoByApplyScaleAndDelete() {
    Control control = fairlead.control();
    Path yaml =
        FAIRLEADS.file(
            "second.yaml", Ingredients.model("second", Ingredients.model(), "minReplicas: 0"));
    assertThat(run("validate", "-f", yaml.toString()).out()).contains("second");
    assertThat(run("apply", "-f", yaml.toString()).out()).contains("second");
    assertThat(fairlead.openAi().get("/v1/models/second").status()).isEqualTo(200);

    run("scale", "second", "--replicas", "1");
    control.awaitEvent("ReplicaReady", event -> event.object().startsWith("second"));
    run("scale", "second", "--replicas", "auto");

    run("delete", "model/second");
    control.awaitEvent("Draining", event -> event.object().startsWith("second"));
    assertThat(run("get").out()).doesNotContain("second");
  }

  @Test
  void errorsNameTheNextStep() {
    Finished unknown = FAIRLEADS.run("describe", "smollm2-135");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("smollm2-135").contains(Ingredients.DEMO);

    Path bad = FAIRLEADS.file("bad.yaml", "kind: Modell\n");
    Finished refused = FAIRLEADS.run("apply", "-f", bad.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("bad.yaml:1").contains("Model");

    Finished typed = FAIRLEADS.run("discribe", "x");
    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err()).contains("describe");

    Finished elsewhere = FAIRLEADS.run("get", "--port", "1");
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("nothing is running on port 1").contains("--port");
  }

  @Test
  void helpVersionAndCompletionNeedNoFairlead() {
    assertThat(run("version").out()).startsWith("fairlead ").doesNotContain("${");
    assertThat(run("--help").out()).contains("up").contains("chat");
    assertThat(run("up", "--help").out()).contains("--listen").contains("--print-yaml");
    assertThat(run("completion", "bash").out()).contains("complete");
    assertThat(run("up", "--print-yaml").out())
        .contains("kind: Model")
        .contains("name: " + Ingredients.DEMO)
        .doesNotContain("serves");
  }

  private static Finished run(String... arguments) {
    Finished finished = FAIRLEADS.run(arguments);
    assertThat(finished.exitCode()).as(finished.all()).isZero();
    return finished;
  }
}
