package dev.fairlead.lab.proof;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.proof.Observed.Span;
import dev.fairlead.testkit.SystemProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/// What happens to a Fairlead while it serves, one thing after the other. Used by one thread; what
/// has happened may be read after it.
final class Disturbances {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REPLICAS = 2;
  private static final int BURST = 40;
  private static final int CONTEXTS = 2;

  private final Control control;
  private final Traffic traffic;
  private final RandomGenerator random;
  private final IntConsumer edit;
  private final List<Kill> kills = new ArrayList<>();
  private final Map<Step, Integer> done = new EnumMap<>(Step.class);
  private int edits;

  /// One thing that happens.
  enum Step {
    /// An engine is killed; over when all replicas are ready again.
    KILL,
    /// The template is edited; over when the new version serves alone.
    EDIT,
    /// Pinned to one replica, and let go.
    PIN,
    /// Many streams at once.
    BURST,
    /// A client that hardly reads.
    SLOW_READER
  }

  /// An engine that was killed.
  ///
  /// @param at it happened in there: on a busy machine a signal leaves a while after it was due
  /// @param recovered in nanoseconds of the same clock
  record Kill(Span at, long recovered) {
    Duration took() {
      return Duration.ofNanos(recovered - at.until());
    }
  }

  /// @param edit writes the model anew, one of several ways
  Disturbances(Control control, Traffic traffic, RandomGenerator random, IntConsumer edit) {
    this.control = control;
    this.traffic = traffic;
    this.random = random;
    this.edit = edit;
  }

  /// Each step once, kills twice, in an order of chance.
  List<Step> script() {
    List<Step> steps = new ArrayList<>(List.of(Step.values()));
    steps.add(Step.KILL);
    Collections.shuffle(steps, Random.from(random));
    return steps;
  }

  void run(Step step) throws IOException, InterruptedException {
    switch (step) {
      case KILL -> kill();
      case EDIT -> editTemplate();
      case PIN -> pin();
      case BURST -> traffic.burst(BURST);
      case SLOW_READER -> traffic.slowReader();
    }
    done.merge(step, 1, Integer::sum);
  }

  private void kill() {
    List<JsonNode> ready = chatReplicas();
    long engine = ready.get(random.nextInt(ready.size())).path("pid").asLong();
    long from = System.nanoTime();
    SystemProcesses.signal(engine, "KILL");
    var at = new Span(from, System.nanoTime());
    await("the engine is missed")
        .atMost(PATIENCE)
        .until(() -> chatReplicas().stream().noneMatch(one -> one.path("pid").asLong() == engine));
    awaitWhole();
    kills.add(new Kill(at, System.nanoTime()));
  }

  private void editTemplate() {
    String before = active();
    edits++;
    edit.accept(edits % CONTEXTS);
    await("the new version serves").atMost(PATIENCE).until(() -> !active().equals(before));
    awaitWhole();
  }

  private void pin() {
    String version = active();
    scale(version, "1");
    await("one replica").atMost(PATIENCE).until(() -> chatReplicas().size() == 1);
    scale(version, "null");
    awaitWhole();
  }

  private void scale(String version, String replicas) {
    Answer answer =
        control
            .client()
            .post(
                "/fairlead/v1/scale",
                "{\"version\":\"%s\",\"replicas\":%s}".formatted(version, replicas));
    if (answer.status() != 200) {
      throw new AssertionError("not scaled: " + answer.body());
    }
  }

  /// Waits until every replica of the model is ready and there is none of another version.
  void awaitWhole() {
    await("all replicas are ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> chatReplicas().size() == REPLICAS && control.replicaCount() == REPLICAS + 1);
  }

  private String active() {
    for (JsonNode model : control.overview().path("models")) {
      if (model.path("servedName").asText().equals(Question.CHAT)) {
        return model.path("activeVersion").asText();
      }
    }
    throw new AssertionError("the model is not there");
  }

  private List<JsonNode> chatReplicas() {
    return control.replicas("Ready").stream()
        .filter(replica -> replica.path("id").asText().startsWith(Question.CHAT))
        .toList();
  }

  List<Kill> kills() {
    return List.copyOf(kills);
  }

  /// How often each thing has happened.
  Map<Step, Integer> done() {
    return Map.copyOf(done);
  }
}
