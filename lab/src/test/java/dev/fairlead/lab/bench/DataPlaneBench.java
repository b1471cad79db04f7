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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The gateway beside its rivals, then the built `fairlead up` beside nginx; all of a comparison in
/// front of one upstream. Every answer is checked; a number fails nothing. Writes
/// `target/performance.md`, and with `-Dfairlead.regenerate=true` also `docs/performance.md`.
class DataPlaneBench {
  private static final Path REPORT = Path.of("target", "performance.md");
  private static final Path PAGE = Path.of("..", "docs", "performance.md");
  private static final int SLOTS = 256;

  @RegisterExtension static final Fairleads fairleads = Fairleads.perClass();

  private final Cores cores = Cores.ofThisMachine();

  @Test
  void theDataPlaneBesideItsRivals() throws IOException {
    Stream.of(Proxy.values()).map(Proxy::source).distinct().forEach(Source::install);
    PerformancePage page = PerformancePage.ofThisMachine();
    Comparison gateway = gateway();
    Comparison whole = whole();
    String text = page.text(gateway, whole);
    Files.writeString(REPORT, text);
    if (Boolean.getBoolean("fairlead.regenerate")) {
      Files.writeString(PAGE, text);
    }
    System.out.println(text);
    assertThat(gateway.costs()).allMatch(result -> result.has(Contender.GATEWAY));
    assertThat(whole.costs()).allMatch(result -> result.has(Contender.FAIRLEAD));
  }

  private Comparison gateway() throws IOException {
    Path folder = fairleads.folder();
    int upstream = Ports.free();
    List<String> engine =
        cores.others(Programs.java(UpstreamProgram.class, Integer.toString(upstream)));
    try (ServerProcess _ =
            ServerProcess.start(engine, upstream, folder.resolve("upstream.output"));
        Rivals rivals = Rivals.start(List.of(Proxy.values()), cores, folder, upstream);
        Gateways ours = Gateways.start(cores, folder, upstream)) {
      Comparison comparison =
          compare(Rows.ofTheGateway(), rivals.with(upstream, ours.contenders()));
      ours.check();
      return comparison;
    }
  }

  private Comparison whole() throws IOException {
    int upstream = Ports.free();
    FairleadProcess fairlead = fairlead(upstream);
    var ours = new Contender(Contender.FAIRLEAD, fairlead.port(), List.of(fairlead.pid()));
    try (Rivals rivals = Rivals.start(List.of(Proxy.NGINX), cores, fairleads.folder(), upstream)) {
      return compare(Rows.ofTheWhole(), rivals.with(upstream, List.of(ours)));
    }
  }

  private Comparison compare(Rows rows, List<Contender> contenders) throws IOException {
    try (LoadProcess load = new LoadProcess(cores)) {
      return new Rounds(load, contenders).compare(rows);
    }
  }

  private FairleadProcess fairlead(int upstream) {
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
            // 256 KiB must be a thinkable prompt, or it is refused before it is placed.
            "engine: {maxBatchSize: %d, contextLength: 2304}".formatted(SLOTS));
    FairleadProcess fairlead =
        fairleads.up(
            Start.of(fairleads.file("bench.yaml", model))
                .command(Commands.of(command))
                .environment("LLAMA_SERVER", engine.toString()));
    var _ = fairlead.control().awaitReady(1);
    return fairlead;
  }
}
