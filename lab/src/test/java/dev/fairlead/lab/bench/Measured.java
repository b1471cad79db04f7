package dev.fairlead.lab.bench;

import java.util.List;

/// What the {@link LoadProgram} saw, as one line of JSON. Immutable.
///
/// @param finished answers that were complete and right
/// @param wrong all others
/// @param problem what was wrong with the first of them, empty when none was
/// @param seconds from the first request to the last answer
/// @param firstByteMicros time from a request to the first byte of its answer's body, in order
record Measured(
    int finished, int wrong, String problem, double seconds, List<Integer> firstByteMicros) {
  Measured {
    firstByteMicros = List.copyOf(firstByteMicros);
  }

  /// The time to the first byte that `share` of the requests stayed within, in ms.
  double firstByteMillis(double share) {
    int index = (int) Math.ceil(share * firstByteMicros.size()) - 1;
    return firstByteMicros.get(Math.max(0, index)) / 1e3;
  }

  double perSecond() {
    return finished / seconds;
  }
}
