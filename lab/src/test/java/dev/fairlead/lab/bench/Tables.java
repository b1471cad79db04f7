package dev.fairlead.lab.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The lines of the page's tables about a comparison, and the form of their numbers. Stateless.
final class Tables {
  private Tables() {}

  /// A line a row: the whole of Fairlead beside nginx.
  static String costs(Comparison comparison) {
    return comparison.costs().stream().map(Tables::cost).collect(Collectors.joining("\n"));
  }

  private static String cost(Result result) {
    String nginx = Proxy.NGINX.title();
    return "| %s | %s | %s µs | %s | %s | %s | %s |"
        .formatted(
            result.row().name(),
            micros(result, nginx),
            number(result.cpuMicrosPerUnit(Contender.FAIRLEAD)),
            ratio(result, Contender.FAIRLEAD, nginx),
            perSecond(result, nginx),
            perSecond(result, Contender.FAIRLEAD),
            perSecond(result, Contender.DIRECT));
  }

  /// A line a contender.
  static String firstByte(Comparison comparison) {
    Result result = comparison.firstByte();
    return comparison.contenders().stream()
        .map(Contender::name)
        .filter(result::has)
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

  /// Each contender's, in one line.
  static String memory(Comparison comparison) {
    return comparison.contenders().stream()
        .filter(contender -> comparison.megabytes().containsKey(contender.name()))
        .map(contender ->
            String.format(
                Locale.ROOT,
                "%s %.0f MB",
                contender.name(),
                comparison.megabytes().get(contender.name())))
        .collect(Collectors.joining(", "));
  }

  /// Processor time with its unit; of who has not run, that it is missing.
  static String micros(Result result, String contender) {
    return result.has(contender)
        ? "%s µs %s".formatted(number(result.cpuMicrosPerUnit(contender)), result.row().unit())
        : "missing";
  }

  /// The median of the rounds with the lowest and the highest.
  static String ratio(Result result, String of, String to) {
    if (!result.has(to)) {
      return "–";
    }
    List<Double> ratios = result.ratios(of, to);
    double median = Result.median(ratios);
    return String.format(
        Locale.ROOT,
        median < 0.1 ? "**%.4f** (%.4f–%.4f)" : "**%.2f** (%.2f–%.2f)",
        median,
        ratios.getFirst(),
        ratios.getLast());
  }

  static String perSecond(Result result, String contender) {
    return result.has(contender)
        ? String.format(Locale.ROOT, "%,.0f", result.perSecond(contender))
        : "–";
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }
}
