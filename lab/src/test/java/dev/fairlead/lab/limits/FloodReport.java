package dev.fairlead.lab.limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes what a flood has found: to `target/limits-flood.md`, and where everything holds to the
/// page in `docs/proofs`.
///
/// @param machine its processor and cores, and not its name
public record FloodReport(String machine) {
  private static final Path LATEST = Path.of("target", "limits-flood.md");
  private static final Path PAGE = Path.of("..", "docs", "proofs", "limits-flood.md");

  public static FloodReport ofThisMachine() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown");
    return new FloodReport(
        "%s, %d cores".formatted(processor, Runtime.getRuntime().availableProcessors()));
  }

  public void write(FloodFindings found) throws IOException {
    String text = text(found);
    Files.createDirectories(LATEST.toAbsolutePath().getParent());
    Files.writeString(LATEST, text);
    if (found.broken().isEmpty()) {
      Files.createDirectories(PAGE.toAbsolutePath().getParent());
      Files.writeString(PAGE, text);
    }
    System.out.println(text);
  }

  private String text(FloodFindings found) {
    FloodPlan plan = found.plan();
    return """
    # Shared limits under a flood

    <!-- Written by `make prove` (lab, LimitsFloodProof). -->

    %d gateways share the limits of two tenants through one real Redis, which is killed after %d s and stays away. Each gateway is asked %d times a second for each
    tenant, for %d s, and the engine answers at once. The times are those at which the gateways knew of their verdicts; a window is %d s, less %d ms by which
    such a time may be late.

    - %s; machine: %s; Java %s
    - verdict: **%s**

    | | limit | most in any window | allowed |
    |---|---|---|---|
    | requests of the one tenant | %d | %d | 1.02 × the limit |
    | tokens of the other | %d | %d | 1.02 × the limit, and what %d requests in flight may have taken |
    %s

    | answers | status |
    |---|---|
    %s

    ## What does not hold

    %s
    """
        .formatted(
            plan.gateways(),
            plan.killAfter().toSeconds(),
            plan.eachPerSecond(),
            plan.lasts().toSeconds(),
            plan.shape().length().toSeconds(),
            Flood.LATE.toMillis(),
            LocalDate.now(ZoneOffset.UTC),
            machine,
            Runtime.version(),
            found.broken().isEmpty() ? "it stands" : "it does not stand",
            plan.requests(),
            found.mostRequests(),
            plan.tokens(),
            found.mostTokens(),
            found.mostInFlight(),
            shares(found),
            statuses(found.statuses()),
            found.broken().isEmpty()
                ? "Nothing."
                : found.broken().stream().map(one -> "- " + one).collect(Collectors.joining("\n")));
  }

  private static String shares(FloodFindings found) {
    StringBuilder rows = new StringBuilder();
    for (int gateway = 0; gateway < found.plan().gateways(); gateway++) {
      rows.append(rows.isEmpty() ? "" : "\n")
          .append(
              "| requests of gateway %d without Redis | %d | %d | 1.02 × its share |"
                  .formatted(
                      gateway + 1,
                      found.plan().requests() / found.plan().gateways(),
                      found.mostRequestsAlone(gateway)));
    }
    return rows.toString();
  }

  private static String statuses(Map<Integer, Integer> statuses) {
    return new TreeMap<>(statuses)
        .entrySet().stream()
            .map(one -> "| %,d | %d |".formatted(one.getValue(), one.getKey()))
            .collect(Collectors.joining("\n"));
  }
}
