package dev.fairlead.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
            bar(result, Proxy.NGINX),
            Tables.ratio(result, Contender.GATEWAY, haproxy),
            Tables.perSecond(result, nginx),
            Tables.perSecond(result, Contender.GATEWAY),
            Tables.perSecond(result, Contender.DIRECT));
  }

  /// A line for each row and each rival besides those: the gateway's cost to it.
  static String besides(Comparison comparison) {
    return comparison.costs().stream()
        .flatMap(result ->
            Stream.of(Proxy.values())
                .filter(rival -> rival != Proxy.NGINX && rival != Proxy.HAPROXY)
                .filter(rival -> result.row().contenders().contains(rival.title()))
                .map(rival -> beside(result, rival)))
        .collect(Collectors.joining("\n"));
  }

  private static String beside(Result result, Proxy rival) {
    return "| %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            result.row().name(),
            rival.title(),
            Tables.micros(result, rival.title()),
            Tables.number(result.cpuMicrosPerUnit(Contender.GATEWAY)) + " µs",
            Tables.ratio(result, Contender.GATEWAY, rival.title()),
            bar(result, rival),
            Tables.perSecond(result, rival.title()));
  }

  private static String bar(Result result, Proxy rival) {
    Double bar = result.row().bars().get(rival);
    if (bar == null) {
      return "–";
    }
    String promised = String.format(Locale.ROOT, bar < 1 ? "≤ %.2f" : "≤ %.1f", bar);
    if (!result.has(rival.title())) {
      return promised + ", not measured";
    }
    boolean met = Result.median(result.ratios(Contender.GATEWAY, rival.title())) <= bar;
    return promised + ", " + verdict(met);
  }

  /// A line for each bar that is no ratio to a rival.
  static String bars(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    for (Result result : comparison.costs()) {
      if (result.row().contenders().contains(Contender.GATEWAY_WITH_REDIS)) {
        lines.add(withRedis(result));
      }
      // The row without a rival's bar is there for this one.
      if (result.row().bars().isEmpty()) {
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

  /// What a Redis costs the gateway.
  private static String withRedis(Result result) {
    String with = Contender.GATEWAY_WITH_REDIS;
    String measured =
        result.has(with)
            ? "%s, %s times that without"
                .formatted(
                    Tables.micros(result, with), Tables.ratio(result, with, Contender.GATEWAY))
            : "missing";
    return "| %s: processor time with the limits in a Redis | – | %s | – |"
        .formatted(result.row().name(), measured);
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
