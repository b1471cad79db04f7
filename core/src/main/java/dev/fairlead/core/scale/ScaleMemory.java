package dev.fairlead.core.scale;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What one version's scaling remembers between two decisions.
///
/// @param peaks the peaks of its need within the hold-down window, latest last and each lower than
///   the one before
/// @param busyAt when it last had a request, as far as is known
/// @param arrivals the gateways' counter at the last decision, empty when it has not been seen
public record ScaleMemory(List<Peak> peaks, Instant busyAt, OptionalLong arrivals) {

  /// The need at one moment, in replicas.
  public record Peak(Instant at, int need) {
    public Peak {
      requireNonNull(at, "at is null");
      if (need < 0) {
        throw new IllegalArgumentException("need is negative: " + need);
      }
    }
  }

  public ScaleMemory {
    peaks = List.copyOf(peaks);
    requireNonNull(busyAt, "busyAt is null");
    requireNonNull(arrivals, "arrivals is null");
  }

  /// Begins at `now`, as if the version had just been busy: lost memory holds for one reaction
  /// time.
  public static ScaleMemory startingAt(Instant now) {
    return new ScaleMemory(List.of(), now, OptionalLong.empty());
  }

  /// With a need of `need` replicas at `now`; peaks older than `window` are forgotten.
  public ScaleMemory with(int need, Duration window, Instant now) {
    List<Peak> kept = new ArrayList<>();
    for (Peak peak : peaks) {
      if (peak.need() > need && peak.at().plus(window).isAfter(now)) {
        kept.add(peak);
      }
    }
    kept.add(new Peak(now, need));
    return new ScaleMemory(kept, need > 0 ? now : busyAt, arrivals);
  }

  /// With the gateways' counter at `now`. A request that came and went between two decisions shows
  /// in nothing else; a counter that fell began again with its gateway.
  ScaleMemory counting(long count, Instant now) {
    boolean came = arrivals.isPresent() && count != arrivals.getAsLong() && count > 0;
    return new ScaleMemory(peaks, came ? now : busyAt, OptionalLong.of(count));
  }

  int peak() {
    return peaks.isEmpty() ? 0 : peaks.getFirst().need();
  }
}
