package dev.fairlead.lab.bench;

import dev.fairlead.lab.harness.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
    Optional<Path> nginx = Nginx.installed();
    String rival =
        nginx.isPresent()
            ? "nginx " + Nginx.version(nginx.get())
            : "**nginx is missing** (`apt-get install nginx`)";
    String versions = "Fairlead %s on Java %s; %s".formatted(commit(), Runtime.version(), rival);
    String busy = Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    return new PerformancePage(machine, versions, busy);
  }

  String text(List<Result> costs, Result firstByte, List<Contender> contenders) {
    return Nginx.resource("performance.md")
        .replace("{date}", LocalDate.now(ZoneOffset.UTC).toString())
        .replace("{machine}", machine)
        .replace("{versions}", versions)
        .replace("{busy}", busy)
        .replace("{costs}", costs(costs))
        .replace("{firstByte}", firstByte(firstByte, contenders))
        .replace("{memory}", memory(contenders));
  }

  private static String costs(List<Result> results) {
    List<String> lines = new ArrayList<>();
    for (Result result : results) {
      boolean rival = result.has(Contender.NGINX);
      String unit = result.row().unit();
      lines.add(
          "| %s | %s | %s | %s | %s | %s | %s |"
              .formatted(
                  result.row().name(),
                  rival ? micros(result, Contender.NGINX) + " µs a " + unit : "missing",
                  micros(result, Contender.FAIRLEAD) + " µs",
                  rival ? ratio(result.ratios(Contender.FAIRLEAD, Contender.NGINX)) : "–",
                  rival ? perSecond(result, Contender.NGINX) : "–",
                  perSecond(result, Contender.FAIRLEAD),
                  perSecond(result, Contender.DIRECT)));
    }
    return String.join("\n", lines);
  }

  private static String ratio(List<Double> ratios) {
    return String.format(
        Locale.ROOT,
        "**%.2f** (%.2f–%.2f)",
        Result.median(ratios),
        ratios.getFirst(),
        ratios.getLast());
  }

  private static String micros(Result result, String contender) {
    return String.format(Locale.ROOT, "%.1f", result.cpuMicrosPerUnit(contender));
  }

  private static String perSecond(Result result, String contender) {
    return String.format(Locale.ROOT, "%,.0f", result.perSecond(contender));
  }

  private static String firstByte(Result result, List<Contender> contenders) {
    return contenders.stream()
        .map(Contender::name)
        .map(name ->
            String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %s | %s |",
                name,
                result.firstByteMillis(name, 0.5),
                result.firstByteMillis(name, 0.99),
                added(result, name, 0.5),
                added(result, name, 0.99)))
        .collect(Collectors.joining("\n"));
  }

  private static String added(Result result, String contender, double share) {
    return contender.equals(Contender.DIRECT)
        ? "–"
        : String.format(Locale.ROOT, "%.2f", result.addedMillis(contender, share));
  }

  private static String memory(List<Contender> contenders) {
    return contenders.stream()
        .filter(contender -> !contender.pids().isEmpty())
        .map(contender ->
            String.format(
                Locale.ROOT,
                "%s %.0f MB",
                contender.name(),
                ProcessCost.residentMegabytes(contender.pids())))
        .collect(Collectors.joining(", "));
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
