package dev.fairlead.lab.proof;

import dev.fairlead.lab.proof.Disturbances.Kill;
import dev.fairlead.lab.proof.Disturbances.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes what a proof has found: to `target/one-machine.md`, and after a full one that stands to
/// the page in `docs/proofs`.
///
/// @param machine its processor, cores and memory, and not its name
record Report(String machine) {
  private static final Path LATEST = Path.of("target", "one-machine.md");
  private static final Path PAGE = Path.of("..", "docs", "proofs", "one-machine.md");

  static Report ofThisMachine() throws IOException {
    return new Report(
        "%s, %d cores, %.0f GB"
            .formatted(
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1e6));
  }

  private static String field(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  void write(Findings findings) throws IOException {
    String text = text(findings);
    Files.createDirectories(LATEST.toAbsolutePath().getParent());
    Files.writeString(LATEST, text);
    if (findings.options().full() && findings.broken().isEmpty()) {
      Files.createDirectories(PAGE.toAbsolutePath().getParent());
      Files.writeString(PAGE, text);
    }
    System.out.println(text);
  }

  private String text(Findings findings) {
    Tally.Counts counts = findings.tally().counts();
    List<String> broken = findings.broken();
    return """
    # One machine, a million requests

    <!-- Written by `make prove` (lab, OneMachineProof). -->

    One `fairlead up` with its access log and usage ledger, two replicas of a model for chats and one for embeddings, and engines that do nothing but answer at once. Sixteen
    clients ask one question after the other; every answer is compared with the only right one, for each question is answered by its own words. Meanwhile
    engines are killed, the template is edited, replicas are pinned and let go, streams burst, readers dawdle, clients leave.

    - %s: %,d requests in %s, seed %d
    - machine: %s; Java %s
    - verdict: **%s**

    ## Requests

    | complete and right | left by their client | failed and said so | wrong | counted by `fairlead_requests_total` | lines of the access log | dropped lines | rows of the usage ledger |
    |---|---|---|---|---|---|---|---|
    | %,d | %,d | %,d | %,d | %,.0f | %,d | %,.0f | %,d |

    Wrong is an answer with another text, finish reason or usage than its own, one that is cut without an error, that goes on after an error, or has two ids.
    Only requests that an engine's kill met may fail, at most its %d slots.

    ## What happened meanwhile

    %s

    All replicas were ready again after a kill within %s (allowed: %s).

    ## What is held with nothing running

    After a full collection. Every connection of a client is closed; after the warm-up and in the end also those to agents and engines, which are kept unused for
    30 s and 4 s and are still counted between the laps.

    | after | requests | a second | live heap | direct memory | descriptors | threads | resident |
    |---|---|---|---|---|---|---|---|
    %s
    | allowed more than after the warm-up | | | %s | %s | %d | %d | |

    ## What does not hold

    %s
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            counts.sent(),
            seconds(findings.laps().stream().map(Lap::took).reduce(Duration.ZERO, Duration::plus)),
            findings.options().seed(),
            machine,
            Runtime.version(),
            broken.isEmpty() ? "it stands" : "it does not stand",
            counts.complete(),
            counts.left(),
            counts.failed(),
            counts.wrong(),
            findings.metrics().sum("fairlead_requests_total"),
            findings.told().logged(),
            findings.metrics().sum("fairlead_access_log_dropped_total"),
            findings.told().rows(),
            Findings.SLOTS,
            steps(findings.happened()),
            longest(findings.kills()),
            seconds(Findings.RECOVERS_WITHIN),
            laps(findings.laps()),
            mebibytes(Footprint.ALLOWED.heap()),
            mebibytes(Footprint.ALLOWED.direct()),
            Footprint.ALLOWED.descriptors(),
            Footprint.ALLOWED.threads(),
            broken.isEmpty()
                ? "Nothing."
                : broken.stream().map(one -> "- " + one).collect(Collectors.joining("\n")));
  }

  private static String steps(Map<Step, Integer> happened) {
    return new TreeMap<>(happened)
        .entrySet().stream()
            .map(one ->
                "- %d × %s"
                    .formatted(
                        one.getValue(),
                        switch (one.getKey()) {
                          case KILL -> "an engine was killed (SIGKILL)";
                          case EDIT -> "the template was edited, and a new version took over";
                          case PIN -> "the replicas were pinned to one and let go";
                          case BURST -> "forty streams at once";
                          case SLOW_READER -> "a client read 1 KiB each 50 ms for 2 s";
                        }))
            .collect(Collectors.joining("\n"));
  }

  private static String longest(List<Kill> kills) {
    return seconds(kills.stream().map(Kill::took).max(Duration::compareTo).orElse(Duration.ZERO));
  }

  private static String laps(List<Lap> laps) {
    StringBuilder rows = new StringBuilder();
    long before = 0;
    for (Lap lap : laps) {
      Footprint held = lap.footprint();
      rows.append(rows.isEmpty() ? "" : "\n")
          .append(
              String.format(
                  Locale.ROOT,
                  "| %s | %,d | %,.0f | %s | %s | %d | %d | %s |",
                  lap.name(),
                  lap.requests(),
                  (lap.requests() - before) / (lap.took().toMillis() / 1e3),
                  mebibytes(held.heap()),
                  mebibytes(held.direct()),
                  held.descriptors(),
                  held.threads(),
                  mebibytes(held.resident())));
      before = lap.requests();
    }
    return rows.toString();
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
