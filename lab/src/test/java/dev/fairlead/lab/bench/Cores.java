package dev.fairlead.lab.bench;

import java.util.ArrayList;
import java.util.List;

/// Where the parts run: what is measured on the first core, load and upstream on the others.
/// Immutable.
record Cores(int count) {
  Cores {
    if (count < 2) {
      throw new IllegalArgumentException(
          "a benchmark needs two cores, one for what is measured: " + count);
    }
  }

  static Cores ofThisMachine() {
    return new Cores(Runtime.getRuntime().availableProcessors());
  }

  /// The command on the core of what is measured.
  List<String> measured(List<String> command) {
    return on("0", command);
  }

  /// The command on the cores of what serves to measure.
  List<String> others(List<String> command) {
    return on(count == 2 ? "1" : "1-" + (count - 1), command);
  }

  private static List<String> on(String cores, List<String> command) {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", cores));
    pinned.addAll(command);
    return pinned;
  }
}
