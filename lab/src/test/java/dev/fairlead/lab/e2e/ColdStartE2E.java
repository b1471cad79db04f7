package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.lab.harness.Streamed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Models at zero replicas, behind a real engine that needs some seconds more to start.
class ColdStartE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static final int EXTRA_SECONDS = 7;
  private static final Duration FIRST_COMMENT = Duration.ofSeconds(1);
  private static final Duration BETWEEN_COMMENTS = Duration.ofSeconds(5);

  private static FairleadProcess fairlead;

  @BeforeAll
  static void start() {
    Path model = Ingredients.model();
    Path slow =
        FAIRLEADS.script(
            "slow-llama-server",
            "sleep %d\n%s".formatted(EXTRA_SECONDS, Ingredients.exec(Ingredients.engine())));
    String yaml =
        Ingredients.model(
                "patient", model, "minReplicas: 0", "maxReplicas: 2", "engine: {maxBatchSize: 16}")
            + "---\n"
            + Ingredients.model(
                "hasty", model, "minReplicas: 0", "coldStart: {nonStreamingWait: 1s}");
    fairlead =
        FAIRLEADS.up(
            Start.of(FAIRLEADS.file("models.yaml", yaml))
                .environment("LLAMA_SERVER", slow.toString()));
  }

  @Test
  void aBurstMeetsOneStartAndStreamsAreToldToWait() {
    assertThat(startsOf("patient")).isZero();
    Chat hello = Chat.ask("patient", "Say hello.").maxTokens(8);

    List<Streamed> streams = new ArrayList<>();
    streams.add(fairlead.openAi().stream(hello));
    CompletableFuture<Answer> whole =
        CompletableFuture.supplyAsync(() -> fairlead.openAi().chat(hello));
    IntStream.range(0, 8).forEach(_ -> streams.add(fairlead.openAi().stream(hello)));

    for (Streamed stream : streams) {
      assertThat(stream.awaitEnd().failure()).isEmpty();
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.done()).isTrue();
      assertThat(stream.text()).isNotEmpty();
      assertThat(stream.comments())
          .isNotEmpty()
          .allSatisfy(comment -> assertThat(comment.text()).contains("patient"));
    }
    assertThat(whole.join().status()).isEqualTo(200);
    assertThat(whole.join().text()).isNotEmpty();
    Streamed first = streams.getFirst();
    assertThat(first.awaitComment()).isLessThanOrEqualTo(FIRST_COMMENT);
    assertThat(longestSilence(first)).as("%s", first).isLessThanOrEqualTo(BETWEEN_COMMENTS);
    assertThat(first.comments().getFirst().text()).contains("starting").containsPattern("\\d+ s");
    assertThat(startsOf("patient")).isEqualTo(1);
  }

  /// From the first comment to the first text.
  private static Duration longestSilence(Streamed stream) {
    Duration longest = Duration.ZERO;
    Duration last = stream.comments().getFirst().after();
    Duration text = stream.awaitText();
    for (Streamed.Line line : stream.lines()) {
      Duration silence = line.after().minus(last);
      boolean waiting = line.after().compareTo(text) <= 0;
      longest = waiting && silence.compareTo(longest) > 0 ? silence : longest;
      last = line.after();
    }
    return longest;
  }

  private static long startsOf(String model) {
    return fairlead.control().events().stream()
        .filter(event -> event.reason().equals("Starting"))
        .filter(event -> event.object().startsWith(model))
        .count();
  }

  @Test
  void aRequestThatCannotBeToldToWaitGetsA503WithAMeasuredRetryAfter() {
    Chat hello = Chat.ask("hasty", "Say hello.").maxTokens(4);
    Control control = fairlead.control();

    Answer first = fairlead.openAi().chat(hello);
    assertThat(first.status()).isEqualTo(503);
    assertThat(first.errorMessage()).contains("hasty").contains("starting").contains("stream");
    assertThat(retryAfter(first)).isPositive();

    // Held until the replica is there, which shows that the first request started it.
    assertThat(fairlead.openAi().stream(hello).awaitEnd().failure()).isEmpty();
    assertThat(startsOf("hasty")).isEqualTo(1);
    assertThat(FAIRLEADS.run("scale", "hasty", "--replicas", "0").exitCode()).isZero();
    control.awaitEvent("Draining", event -> event.object().startsWith("hasty"));
    assertThat(FAIRLEADS.run("scale", "hasty", "--replicas", "auto").exitCode()).isZero();

    Answer again = fairlead.openAi().chat(hello);
    assertThat(again.status()).isEqualTo(503);
    assertThat(retryAfter(again)).isBetween(EXTRA_SECONDS - 1, EXTRA_SECONDS + 8);
  }

  private static int retryAfter(Answer answer) {
    return Integer.parseInt(answer.header("retry-after").orElse("0"));
  }
}
