package dev.fairlead.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Commands;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The built Fairlead beside nginx: both in front of the same upstream, which is the engine that
/// this Fairlead has started. Every answer is checked; a number fails nothing. Writes
/// `target/performance.md`, and with `-Dfairlead.regenerate=true` also `docs/performance.md`.
class DataPlaneBench {
  private static final Path REPORT = Path.of("target", "performance.md");
  private static final Path PAGE = Path.of("..", "docs", "performance.md");
  private static final int SLOTS = 256;

  @RegisterExtension static final Fairleads fairleads = Fairleads.perClass();

  @Test
  void theDataPlaneBesideNginx() throws IOException {
    Cores cores = Cores.ofThisMachine();
    int upstream = Ports.free();
    FairleadProcess fairlead = fairlead(cores, upstream);
    Optional<Path> nginx = Nginx.installed();
    if (nginx.isPresent()) {
      try (Nginx rival = Nginx.start(nginx.get(), cores, fairleads.folder(), upstream)) {
        compare(cores, upstream, fairlead, Optional.of(rival));
      }
    } else {
      compare(cores, upstream, fairlead, Optional.empty());
    }
  }

  private static void compare(
      Cores cores, int upstream, FairleadProcess fairlead, Optional<Nginx> rival)
      throws IOException {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(new Contender(Contender.DIRECT, upstream, List.of()));
    rival.ifPresent(
        nginx -> contenders.add(new Contender(Contender.NGINX, nginx.port(), nginx.pids())));
    contenders.add(new Contender(Contender.FAIRLEAD, fairlead.port(), List.of(fairlead.pid())));
    PerformancePage page = PerformancePage.ofThisMachine();
    try (LoadProcess load = new LoadProcess(cores)) {
      Rounds rounds = new Rounds(load, contenders);
      rounds.warmUp(Row.costs());
      List<Result> costs = Row.costs().stream().map(rounds::run).toList();
      Result firstByte = rounds.run(Row.firstByte());
      String text = page.text(costs, firstByte, contenders);
      Files.writeString(REPORT, text);
      if (Boolean.getBoolean("fairlead.regenerate")) {
        Files.writeString(PAGE, text);
      }
      System.out.println(text);
      assertThat(costs).hasSameSizeAs(Row.costs());
    }
  }

  private static FairleadProcess fairlead(Cores cores, int upstream) {
    Path engine =
        fairleads.script(
            "bench-engine",
            Ingredients.exec(
                cores.others(Programs.java(UpstreamProgram.class, Integer.toString(upstream)))));
    Path command =
        fairleads.script(
            "pinned-fairlead",
            Ingredients.exec(
                cores.measured(List.of(Commands.root().resolve("bin/fairlead").toString()))));
    String model =
        Ingredients.model(
            "bench",
            Ingredients.model(),
            "minReplicas: 1",
            "engine: {maxBatchSize: %d, contextLength: 64}".formatted(SLOTS));
    FairleadProcess fairlead =
        fairleads.up(
            Start.of(fairleads.file("bench.yaml", model))
                .command(Commands.of(command))
                .environment("LLAMA_SERVER", engine.toString()));
    var _ = fairlead.control().awaitReady(1);
    return fairlead;
  }
}
