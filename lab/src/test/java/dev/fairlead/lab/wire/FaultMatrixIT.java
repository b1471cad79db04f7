package dev.fairlead.lab.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Streamed;
import dev.fairlead.testkit.fault.FaultPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cell of `docs/reference/faults.md`.
class FaultMatrixIT {
  private static final String WORDS = "word0 word1 word2 word3 word4 word5 word6 word7";
  private static final int AT_ONCE = 8;
  private static final Map<Cell, Future<?>> RUNNING = new ConcurrentHashMap<>();
  private static ExecutorService threads;

  /// Many cells wait for a time-out, so that they run side by side, each with a fleet of its own.
  @BeforeAll
  static void start() throws IOException {
    threads = Executors.newFixedThreadPool(AT_ONCE);
    for (Cell cell : Cell.all()) {
      RUNNING.put(cell, threads.submit(() -> run(cell)));
    }
  }

  @AfterAll
  static void stop() {
    threads.shutdownNow();
  }

  static List<Cell> cells() throws IOException {
    return Cell.all();
  }

  @Test
  void thePageHasEveryFaultAtEveryPlace() throws IOException {
    assertThat(Cell.all()).hasSize(4 * Cell.faults() * 3).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theClientSeesWhatThePageSays(Cell cell) throws Exception {
    requireNonNull(RUNNING.get(cell)).get(2, TimeUnit.MINUTES);
  }

  private static void run(Cell cell) {
    try (Fleet fleet = Fleet.ofTwo(Fleet.Patience.little()).ready()) {
      FaultPlan plan = cell.link() == Cell.Link.GATEWAY_AGENT ? fleet.toAgents : fleet.toEngines;
      plan.next(cell.breaks(), cell.position());

      Chat chat = Chat.ask(Fleet.MODEL, "fake:tokens n=8");
      if (cell.stream()) {
        try (Streamed answer = fleet.openAi().stream(chat)) {
          look(cell, answer);
        }
      } else {
        look(cell, fleet.openAi().chat(chat));
      }

      assertThat(plan.struck()).as("faults that struck").isEqualTo(1);
      lookAtTheGateway(cell, fleet);
    }
  }

  private static void look(Cell cell, Streamed answer) {
    Streamed.End end = answer.awaitEnd();
    switch (cell.expected()) {
      case "answered", "placed again" -> {
        assertThat(answer.text()).isEqualTo(WORDS);
        assertThat(answer.done()).isTrue();
        assertThat(answer.error()).isEmpty();
        assertThat(end.failure()).isEmpty();
      }
      case "broken off" -> {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(WORDS).startsWith(answer.text());
        assertThat(answer.lines())
            .as("%s", answer)
            .anyMatch(line -> line.text().equals("event: error"));
        assertThat(answer.error()).hasValueSatisfying(FaultMatrixIT::isOpenAiError);
        assertThat(answer.done()).isFalse();
        assertThat(end.failure()).as("a clean end would be taken for an answer").isPresent();
      }
      default -> {
        assertThat("error " + answer.status()).isEqualTo(cell.expected());
        assertThat(end.failure()).isEmpty();
      }
    }
  }

  private static void look(Cell cell, Answer answer) {
    switch (cell.expected()) {
      case "answered", "placed again" -> {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(WORDS);
      }
      default -> {
        assertThat("error " + answer.status()).isEqualTo(cell.expected());
        isOpenAiError(answer.json().path("error"));
      }
    }
  }

  private static void isOpenAiError(JsonNode error) {
    assertThat(error.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("message", "type", "param", "code");
    assertThat(error.path("message").asText()).isNotBlank();
  }

  private static void lookAtTheGateway(Cell cell, Fleet fleet) {
    boolean success = cell.expected().equals("answered") || cell.expected().equals("placed again");
    String outcome = success ? "success" : "failed";
    int placedAgain = cell.expected().equals("placed again") ? 1 : 0;
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> {
          assertThat(fleet.settled).hasSize(1);
          assertThat(fleet.demand().inFlight()).as("permits of the gateway").isZero();
          assertThat(fleet.demand().waiting()).as("held by the gateway").isZero();
          assertThat(fleet.openExchanges()).isZero();
          assertThat(fleet.agentStates())
              .as("permits of the agents")
              .allMatch(state -> state.running() == 0 && state.waiting() == 0);
        });
    RequestRecord record = fleet.settled.getFirst();
    assertThat(record.outcome()).isEqualTo(outcome);
    assertThat(record.stream()).isEqualTo(cell.stream());
    assertThat(record.path().replacements()).isEqualTo(placedAgain);
    // Of an answer that was broken off, what was passed on counts: the role's event and one word.
    boolean broken = cell.expected().equals("broken off");
    assertThat(record.tokens().completion()).isEqualTo(success ? 8 : broken ? 1 : 0);
    assertThat(record.tokens().estimated()).isEqualTo(broken);
    assertThat(fleet.counter("fairlead_requests", "outcome")).isEqualTo(Map.of(outcome, 1.0));
    assertThat(fleet.counter("fairlead_replacements", "reason"))
        .isEqualTo(placedAgain == 1 ? Map.of("engine-failed", 1.0) : Map.of());
  }
}
