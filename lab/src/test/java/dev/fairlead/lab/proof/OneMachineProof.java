package dev.fairlead.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.lab.proof.Disturbances.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A million requests to one `fairlead up` while engines are killed, templates edited, replicas
/// pinned, clients burst, dawdle and leave: each answer is right or says that it failed, only kills
/// make any fail, everything is counted once, and nothing is held in the end that was not after the
/// warm-up.
///
/// 1. Five laps, the first to warm up. In each, clients ask while the steps of a script happen.
/// 2. After each lap every connection is closed, and what the process holds is taken down.
/// 3. The report is written, and every rule is checked.
class OneMachineProof {
  private static final int LAPS = 5;

  /// Longer than idle connections are kept: 30 s to agents, 4 s to engines.
  private static final Duration QUIET = Duration.ofSeconds(33);

  /// Between laps that are not compared.
  private static final Duration PAUSE = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final String CONFIGURATION = "accessLog: {file: access.log}\n";

  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private final ProofOptions options = ProofOptions.ofThisRun();
  private final Tally tally = new Tally();
  private final List<Lap> laps = new ArrayList<>();
  private long logged;

  @Test
  void requestsAndDisturbancesLeaveNothingBehind() throws Exception {
    SplittableRandom random = new SplittableRandom(options.seed());
    FairleadProcess fairlead = start();
    Traffic traffic = new Traffic(fairlead.port(), tally);
    Disturbances disturbances =
        new Disturbances(fairlead.control(), traffic, random.split(), this::write);
    disturbances.awaitWhole();
    for (int lap = 0; lap < LAPS; lap++) {
      long from = tally.sent();
      long until = Math.max(from, options.requests() * (lap + 1) / LAPS);
      long begun = System.nanoTime();
      run(traffic, disturbances, random.split(), new Part(from, until));
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      awaitQuiet(fairlead.control(), lap == 0 || lap == LAPS - 1 ? QUIET : PAUSE);
      logged += countAndDelete(accessLog());
      String name = lap == 0 ? "warm-up" : "lap " + lap;
      laps.add(new Lap(name, tally.sent(), took, Footprint.of(fairlead.pid())));
      System.out.println(laps.getLast());
    }
    Findings findings =
        new Findings(
            options,
            tally,
            laps,
            disturbances.kills(),
            disturbances.done(),
            new Counters(fairlead.control().metrics()),
            new Findings.Told(logged, rows(fairlead.control())));
    Report.ofThisMachine().write(findings);
    assertThat(findings.broken()).as("what does not hold").isEmpty();
  }

  /// Requests of a lap, counted over all laps.
  private record Part(long from, long until) {
    long share(int step, int steps) {
      return from + (until - from) * (step + 1) / (steps + 1);
    }
  }

  /// Clients ask until the part is done and all of the script has happened.
  private void run(Traffic traffic, Disturbances disturbances, SplittableRandom random, Part part)
      throws InterruptedException, ExecutionException {
    List<Step> script = disturbances.script();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> steps =
          thread.submit(() -> {
            for (int i = 0; i < script.size(); i++) {
              long due = part.share(i, script.size());
              await().atMost(PATIENCE).until(() -> tally.sent() >= due);
              disturbances.run(script.get(i));
            }
            return null;
          });
      traffic.run(random, () -> steps.isDone() && tally.sent() >= part.until());
      var _ = steps.get();
    }
  }

  private static void awaitQuiet(Control control, Duration quiet) {
    await("nothing runs").during(quiet).atMost(Duration.ofMinutes(2)).until(() -> idle(control));
  }

  private static boolean idle(Control control) {
    for (JsonNode version : control.overview().path("versions")) {
      boolean held = version.path("waiting").asInt() > 0 || version.path("inFlight").asInt() > 0;
      for (JsonNode replica : version.path("replicas")) {
        held |= replica.path("running").asInt() > 0 || replica.path("waiting").asInt() > 0;
      }
      if (held) {
        return false;
      }
    }
    return true;
  }

  private static long countAndDelete(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      long count = lines.filter(line -> line.contains("\"id\":")).count();
      Files.delete(log);
      return count;
    }
  }

  /// What the usage ledger sums up, once nothing waits to be written.
  private static long rows(Control control) {
    await("every row is written")
        .atMost(Duration.ofMinutes(2))
        .until(() -> new Counters(control.metrics()).sum("fairlead_usage_rows_waiting") == 0);
    return control.client().get("/fairlead/v1/usage").json().at("/total/requests").asLong();
  }

  private Path accessLog() {
    return fairleads.folder().resolve("access.log");
  }

  private FairleadProcess start() {
    Path engine =
        fairleads.script(
            "engine", Ingredients.exec(Ingredients.fakeEngine("--fake-token-ms", "0")));
    write(0);
    return fairleads.up(
        Start.of(fairleads.folder().resolve("models.yaml"))
            .and("--config", fairleads.file("fairlead.yaml", CONFIGURATION).toString())
            .environment("FAIRLEAD_JAVA_OPTS", "-XX:NativeMemoryTracking=summary")
            .environment("LLAMA_SERVER", engine.toString()));
  }

  /// The models, in one of several ways that need engines of their own.
  private void write(int way) {
    String chat =
        Ingredients.model(
            Question.CHAT,
            Ingredients.model(),
            "minReplicas: 2",
            "maxReplicas: 2",
            "coldStart: {nonStreamingWait: 5m}",
            "engine: {maxBatchSize: %d, contextLength: %d}"
                .formatted(Findings.SLOTS, 512 + 64 * way));
    String vectors = Ingredients.model(Question.VECTORS, EmbeddingModel.obtain(), "minReplicas: 1");
    Path _ = fairleads.file("models.yaml", chat + "---\n" + vectors);
  }
}
