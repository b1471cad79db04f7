package dev.fairlead.lab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What all rounds of one row have brought. Confined to one thread.
final class Result {
  private final Row row;
  private final Map<String, List<Turn>> turns = new LinkedHashMap<>();

  Result(Row row) {
    this.row = row;
  }

  /// One contender's turn.
  ///
  /// @param cpuSeconds of its processes
  record Turn(double cpuSeconds, Measured measured) {}

  void add(Contender contender, Turn turn) {
    turns.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(turn);
  }

  Row row() {
    return row;
  }

  boolean has(String contender) {
    return turns.containsKey(contender);
  }

  double cpuMicrosPerUnit(String contender) {
    return median(values(contender, this::cpuMicrosPerUnit));
  }

  /// How many requests a second of processor time is enough for.
  double requestsPerCoreSecond(String contender) {
    return 1e6 / (cpuMicrosPerUnit(contender) * row.unitsPerRequest());
  }

  double perSecond(String contender) {
    return median(values(contender, turn -> turn.measured().perSecond()));
  }

  double firstByteMillis(String contender, double share) {
    return median(values(contender, turn -> turn.measured().firstByteMillis(share)));
  }

  /// The ratios of two contenders' processor time, round by round, in order.
  List<Double> ratios(String of, String to) {
    List<Double> above = values(of, this::cpuMicrosPerUnit);
    List<Double> below = values(to, this::cpuMicrosPerUnit);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) {
      ratios.add(above.get(i) / below.get(i));
    }
    return ratios.stream().sorted().toList();
  }

  /// How much longer than directly the first byte takes, in ms: the median of the rounds'
  /// differences.
  double addedMillis(String contender, double share) {
    List<Double> through = values(contender, turn -> turn.measured().firstByteMillis(share));
    List<Double> direct = values(Contender.DIRECT, turn -> turn.measured().firstByteMillis(share));
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < through.size(); i++) {
      added.add(through.get(i) - direct.get(i));
    }
    return median(added);
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /// In one line: each contender's processor time and rate, and the ratio of ours to it.
  @Override
  public String toString() {
    return turns.keySet().stream()
        .map(this::told)
        .collect(Collectors.joining("; ", row.name() + ": ", ""));
  }

  private String told(String contender) {
    String ours = has(Contender.GATEWAY) ? Contender.GATEWAY : Contender.FAIRLEAD;
    String rate = Tables.perSecond(this, contender) + "/s";
    if (contender.equals(Contender.DIRECT)) {
      return contender + " " + rate;
    }
    String cost = "%s %s, %s".formatted(contender, Tables.micros(this, contender), rate);
    return contender.equals(ours)
        ? cost
        : "%s (%s to it %s)".formatted(cost, ours, Tables.ratio(this, ours, contender));
  }

  private double cpuMicrosPerUnit(Turn turn) {
    return turn.cpuSeconds() * 1e6 / turn.measured().finished() / row.unitsPerRequest();
  }

  private List<Double> values(String contender, ToDoubleFunction<Turn> value) {
    return turns.getOrDefault(contender, List.of()).stream().mapToDouble(value).boxed().toList();
  }
}
