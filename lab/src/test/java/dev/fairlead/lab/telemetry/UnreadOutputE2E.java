package dev.fairlead.lab.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Commands;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.harness.Start;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Standard output is a pipe that nobody reads.
class UnreadOutputE2E {
  /// More than pipe and ring hold.
  private static final int MANY = 20_000;

  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  @Test
  void anUnreadPipeStopsNeitherRequestsNorTheEnd() throws Exception {
    Path pipe = fairleads.folder().resolve("out");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    // Open for both, so that nobody waits for the other side; nothing is read.
    try (RandomAccessFile _ = new RandomAccessFile(pipe.toFile(), "rw")) {
      FairleadProcess fairlead =
          start(
              "exec \"$command\" \"$@\" >'%s'\n".formatted(pipe),
              Start.with(),
              "accessLog: {standardOutput: true}");

      try (Refusals refusals = new Refusals(fairlead.port())) {
        refusals.ask(MANY);
      }

      assertThat(fairlead.openAi().chat(Chat.ask("chat", "Hello")).status()).isEqualTo(200);
      assertThat(value(fairlead, "fairlead_access_log_dropped_total")).isPositive();
      assertThat(value(fairlead, "fairlead_requests_total")).isEqualTo(MANY + 1);
      fairlead.terminate();
      assertThat(fairlead.awaitExit(Duration.ofSeconds(30))).isZero();
    }
  }

  @Test
  void theAccessLogTellsEachRequestAndFollowsARotation() throws IOException {
    Path file = fairleads.folder().resolve("access.log");
    FairleadProcess fairlead =
        start("exec \"$command\" \"$@\"\n", Start.with(), "accessLog: {file: access.log}");

    String first = idOf(fairlead, "Hello");
    await().untilAsserted(() -> assertThat(file).content().contains(first));
    Files.move(file, file.resolveSibling("access.log.1"));
    String second = idOf(fairlead, "Hello again");
    await().until(() -> Files.exists(file) && Files.readString(file).contains(second));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1);
    JsonNode line = Json.parse(lines.getFirst());
    assertThat(line.path("model").asText()).isEqualTo("chat");
    assertThat(line.path("outcome").asText()).isEqualTo("success");
    assertThat(line.path("finishReason").asText()).isEqualTo("stop");
    assertThat(line.path("completionTokens").asInt()).isPositive();
  }

  private static String idOf(FairleadProcess fairlead, String text) {
    return fairlead.openAi().chat(Chat.ask("chat", text)).header("x-request-id").orElseThrow();
  }

  private FairleadProcess start(String script, Start start, String configuration) {
    Path engine = fairleads.script("engine", Ingredients.exec(Ingredients.fakeEngine()));
    Path wrapped =
        fairleads.script(
            "fairlead",
            "command='%s'\n%s".formatted(String.join("' '", Commands.built().line()), script));
    FairleadProcess fairlead =
        fairleads.up(
            start
                .and("-f", fairleads.file("models.yaml", yaml()).toString())
                .and("--config", fairleads.file("fairlead.yaml", configuration).toString())
                .command(Commands.of(wrapped))
                .environment("LLAMA_SERVER", engine.toString()));
    fairlead.control().awaitReady(1);
    return fairlead;
  }

  private static String yaml() {
    return Ingredients.model("chat", Ingredients.model(), "minReplicas: 1");
  }

  private static double value(FairleadProcess fairlead, String metric) {
    return fairlead
        .control()
        .metrics()
        .lines()
        .filter(line -> line.startsWith(metric))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
