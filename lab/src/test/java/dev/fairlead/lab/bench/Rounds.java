package dev.fairlead.lab.bench;

import java.util.List;

/// Lets the contenders take turns at each row. Confined to one thread.
final class Rounds {
  private static final int COUNT = 3;
  private static final int WARM_UPS = 5;

  private final LoadProcess load;
  private final List<Contender> contenders;

  /// @param contenders in the order of their turns
  Rounds(LoadProcess load, List<Contender> contenders) {
    this.load = load;
    this.contenders = contenders;
  }

  /// Runs everything unmeasured. Fairlead needs longer than the others: a JVM compiles while it
  /// works, on the core that it has.
  void warmUp(List<Row> rows) {
    for (Contender contender : contenders) {
      int times = contender.name().equals(Contender.FAIRLEAD) ? WARM_UPS : 1;
      for (int i = 0; i < times; i++) {
        rows.forEach(row -> load.run(row.load().at(contender.port())));
      }
    }
  }

  /// A B A B …
  Result run(Row row) {
    Result result = new Result(row);
    for (int round = 0; round < COUNT; round++) {
      for (Contender contender : contenders) {
        result.add(contender, turn(row, contender));
      }
    }
    return result;
  }

  private Result.Turn turn(Row row, Contender contender) {
    double before = ProcessCost.cpuSeconds(contender.pids());
    Measured measured = load.run(row.load().at(contender.port()));
    return new Result.Turn(ProcessCost.cpuSeconds(contender.pids()) - before, measured);
  }
}
