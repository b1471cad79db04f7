package dev.fairlead.lab.proof;

/// Reads Prometheus' text format.
///
/// @param text a scrape
record Counters(String text) {
  /// The sum over all labels; 0 for one that is not there.
  double sum(String metric) {
    return text.lines()
        .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
