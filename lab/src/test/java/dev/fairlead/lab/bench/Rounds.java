package dev.fairlead.lab.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lets the contenders take turns at each row. Confined to one thread.
final class Rounds {
  private static final int COUNT = 3;

  private final LoadProcess load;
  private final List<Contender> contenders;

  /// @param contenders in the order of their turns
  Rounds(LoadProcess load, List<Contender> contenders) {
    this.load = load;
    this.contenders = contenders;
  }

  /// Everything, after a warm-up. Prints each row as soon as it is measured.
  Comparison compare(Rows rows) {
    contenders.forEach(contender -> warmUp(rows.costs(), contender));
    List<Result> costs = rows.costs().stream().map(this::run).toList();
    Map<String, Double> megabytes = new LinkedHashMap<>();
    contenders.stream()
        .filter(rows.costs().getLast()::isFor)
        .filter(contender -> !contender.pids().isEmpty())
        .forEach(contender ->
            megabytes.put(contender.name(), ProcessCost.residentMegabytes(contender.pids())));
    return new Comparison(contenders, costs, megabytes, run(rows.firstByte()));
  }

  /// Runs everything unmeasured. Ours needs longer than the others: a JVM compiles while it works,
  /// on the core that it has.
  private void warmUp(List<Row> rows, Contender contender) {
    for (Row row : rows) {
      if (row.isFor(contender)) {
        Load once = row.load().bounded(row.load().requests(), 1);
        var _ = load.run((contender.ours() ? row.warmUp() : once).at(contender.port()));
      }
    }
  }

  /// A B A B …
  private Result run(Row row) {
    Result result = new Result(row);
    for (int round = 0; round < COUNT; round++) {
      contenders.stream()
          .filter(row::isFor)
          .forEach(contender -> result.add(contender, turn(row, contender)));
    }
    System.out.println(result);
    return result;
  }

  private Result.Turn turn(Row row, Contender contender) {
    double before = ProcessCost.cpuSeconds(contender.pids());
    Measured measured = load.run(row.load().at(contender.port()));
    return new Result.Turn(ProcessCost.cpuSeconds(contender.pids()) - before, measured);
  }
}
