package dev.fairlead.lab.bench;

import java.util.List;
import java.util.Map;

/// What one comparison has brought. Immutable but for its results, which are complete.
///
/// @param contenders in the order of their turns
/// @param megabytes resident memory of those with processes, right after the last of the costs
record Comparison(
    List<Contender> contenders,
    List<Result> costs,
    Map<String, Double> megabytes,
    Result firstByte) {
  Comparison {
    contenders = List.copyOf(contenders);
    costs = List.copyOf(costs);
    megabytes = Map.copyOf(megabytes);
  }
}
