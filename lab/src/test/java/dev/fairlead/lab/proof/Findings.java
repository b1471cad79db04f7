package dev.fairlead.lab.proof;

import dev.fairlead.lab.proof.Disturbances.Kill;
import dev.fairlead.lab.proof.Disturbances.Step;
import dev.fairlead.lab.proof.Tally.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a proof has found, and the rules about all of it together. Immutable.
///
/// @param metrics of the gateway in the end
/// @param told how many requests are told elsewhere
record Findings(
    ProofOptions options,
    Tally tally,
    List<Lap> laps,
    List<Kill> kills,
    Map<Step, Integer> happened,
    Counters metrics,
    Told told) {
  /// The requests that an engine works on.
  static final int SLOTS = 32;

  static final Duration RECOVERS_WITHIN = Duration.ofSeconds(30);

  /// The sinks of single requests.
  ///
  /// @param logged lines of the access log
  /// @param rows of the usage ledger
  record Told(long logged, long rows) {}

  Findings {
    laps = List.copyOf(laps);
    kills = List.copyOf(kills);
    happened = Map.copyOf(happened);
  }

  /// What does not hold; nothing when the proof stands.
  List<String> broken() {
    List<String> broken = new ArrayList<>(tally.wrong());
    for (Failure failure : tally.failures()) {
      if (kills.stream().noneMatch(kill -> failure.span().meets(kill.at()))) {
        broken.add(
            "failed although no engine was killed meanwhile: %s, over %d ms after the kill before it"
                .formatted(failure.how(), sinceKill(failure)));
      }
    }
    for (Kill kill : kills) {
      long met = tally.failures().stream().filter(one -> one.span().meets(kill.at())).count();
      if (met > SLOTS) {
        broken.add("%d requests failed by one kill of an engine of %d slots".formatted(met, SLOTS));
      }
      if (kill.took().compareTo(RECOVERS_WITHIN) > 0) {
        broken.add(
            "a kill was not recovered within %s: %s".formatted(RECOVERS_WITHIN, kill.took()));
      }
    }
    counted(broken, "fairlead_requests_total", metrics.sum("fairlead_requests_total"));
    counted(
        broken,
        "lines of the access log",
        told.logged() + metrics.sum("fairlead_access_log_dropped_total"));
    counted(broken, "rows of the usage ledger", (double) told.rows());
    if (metrics.sum("fairlead_requests_waiting") != 0) {
      broken.add("requests wait in the end");
    }
    if (!growth().within(Footprint.ALLOWED)) {
      broken.add("grown since the warm-up: " + growth());
    }
    return broken;
  }

  private long sinceKill(Failure failure) {
    return kills.stream()
        .mapToLong(kill -> failure.span().from() - kill.at().until())
        .filter(nanos -> nanos > 0)
        .map(TimeUnit.NANOSECONDS::toMillis)
        .min()
        .orElse(-1);
  }

  private void counted(List<String> broken, String what, double count) {
    long sent = tally.counts().sent();
    if (count != sent) {
      broken.add("%s: %.0f of %d requests".formatted(what, count, sent));
    }
  }

  /// From the end of the warm-up to the end.
  Footprint growth() {
    return laps.getLast().footprint().minus(laps.getFirst().footprint());
  }
}
