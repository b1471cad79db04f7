package dev.fairlead.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The lines of the page's tables about the gateway alone, with what it has to reach. Stateless.
final class GatewayTables {
  private static final double REQUESTS_PER_CORE_SECOND = 1_000;
  private static final double ADDED_MEDIAN_MILLIS = 1;
  private static final double ADDED_P99_MILLIS = 5;
  private static final double MEGABYTES = 300;

  private GatewayTables() {}

  /// A line a row: the gateway beside its rivals, and whether the bar is met.
  static String costs(Comparison comparison) {
    return comparison.costs().stream().map(GatewayTables::cost).collect(Collectors.joining("\n"));
  }

  private static String cost(Result result) {
    String nginx = Proxy.NGINX.title();
    String haproxy = Proxy.HAPROXY.title();
    return "| %s | %s | %s | %s µs | %s | %s | %s | %s | %s | %s |"
        .formatted(
            result.row().name(),
            Tables.micros(result, nginx),
            result.has(haproxy)
                ? Tables.number(result.cpuMicrosPerUnit(haproxy)) + " µs"
                : "missing",
            Tables.number(result.cpuMicrosPerUnit(Contender.GATEWAY)),
            Tables.ratio(result, Contender.GATEWAY, nginx),
            bar(result, nginx),
            Tables.ratio(result, Contender.GATEWAY, haproxy),
            Tables.perSecond(result, nginx),
            Tables.perSecond(result, Contender.GATEWAY),
            Tables.perSecond(result, Contender.DIRECT));
  }

  private static String bar(Result result, String nginx) {
    if (result.row().bar().isEmpty()) {
      return "–";
    }
    double bar = result.row().bar().getAsDouble();
    if (!result.has(nginx)) {
      return String.format(Locale.ROOT, "≤ %.1f, not measured", bar);
    }
    boolean met = Result.median(result.ratios(Contender.GATEWAY, nginx)) <= bar;
    return String.format(Locale.ROOT, "≤ %.1f, %s", bar, verdict(met));
  }

  /// A line for each bar that is no ratio to a rival.
  static String bars(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    for (Result result : comparison.costs()) {
      // The row without a rival's bar is there for this one.
      if (result.row().bar().isEmpty()) {
        double served = result.requestsPerCoreSecond(Contender.GATEWAY);
        lines.add(
            line(
                result.row().name() + ": requests a second of processor time",
                String.format(Locale.ROOT, "≥ %,.0f", REQUESTS_PER_CORE_SECOND),
                String.format(Locale.ROOT, "%,.0f", served),
                served >= REQUESTS_PER_CORE_SECOND));
      }
    }
    Result firstByte = comparison.firstByte();
    lines.add(added(firstByte, 0.5, ADDED_MEDIAN_MILLIS));
    lines.add(added(firstByte, 0.99, ADDED_P99_MILLIS));
    double megabytes = comparison.megabytes().getOrDefault(Contender.GATEWAY, Double.NaN);
    lines.add(
        line(
            "resident memory after the 1,000 streams",
            String.format(Locale.ROOT, "≤ %.0f MB", MEGABYTES),
            String.format(Locale.ROOT, "%.0f MB", megabytes),
            megabytes <= MEGABYTES));
    return String.join("\n", lines);
  }

  private static String added(Result firstByte, double share, double bar) {
    double added = firstByte.addedMillis(Contender.GATEWAY, share);
    return line(
        String.format(
            Locale.ROOT, "%s, added by the gateway, p%.0f", firstByte.row().name(), share * 100),
        String.format(Locale.ROOT, "≤ %.0f ms", bar),
        String.format(Locale.ROOT, "%.2f ms", added),
        added <= bar);
  }

  private static String line(String what, String bar, String measured, boolean met) {
    return "| %s | %s | %s | %s |".formatted(what, bar, measured, verdict(met));
  }

  private static String verdict(boolean met) {
    return met ? "met" : "**missed**";
  }
}
