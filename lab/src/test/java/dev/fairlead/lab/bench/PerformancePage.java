package dev.fairlead.lab.bench;

import dev.fairlead.lab.harness.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.Set;

/// Writes the page about a run: its tables into the words of the resource `performance.md`.
/// Immutable.
///
/// @param machine its processor, cores, kernel
/// @param versions of what was measured
/// @param busy how busy the machine was before, as its load average
record PerformancePage(String machine, String versions, String busy) {
  static PerformancePage ofThisMachine() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    String machine =
        "%s, %d cores, Linux %s"
            .formatted(
                processor,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"));
    Set<String> versions = new LinkedHashSet<>();
    versions.add("Fairlead %s on Java %s".formatted(commit(), Runtime.version()));
    for (Proxy proxy : Proxy.values()) {
      versions.add(proxy.source().version());
    }
    versions.add(SystemPackage.REDIS.version());
    String busy = Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    return new PerformancePage(machine, String.join("; ", versions), busy);
  }

  String text(Comparison gateway, Comparison whole) {
    return Proxy.resource("performance.md")
        .replace("{date}", LocalDate.now(ZoneOffset.UTC).toString())
        .replace("{machine}", machine)
        .replace("{versions}", versions)
        .replace("{busy}", busy)
        .replace("{gatewayCosts}", GatewayTables.costs(gateway))
        .replace("{besides}", GatewayTables.besides(gateway))
        .replace("{gatewayBars}", GatewayTables.bars(gateway))
        .replace("{gatewayFirstByte}", Tables.firstByte(gateway))
        .replace("{gatewayMemory}", Tables.memory(gateway))
        .replace("{costs}", Tables.costs(whole))
        .replace("{firstByte}", Tables.firstByte(whole))
        .replace("{memory}", Tables.memory(whole));
  }

  private static String commit() throws IOException {
    Process git =
        new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
            .directory(Commands.root().toFile())
            .start();
    try (var out = git.getInputStream()) {
      String commit = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
      return commit.isEmpty() ? "(no commit)" : commit;
    }
  }
}
