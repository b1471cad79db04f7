package dev.fairlead.core.scale;

import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.scale.ScaleMemory.Peak;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Decides how many replicas a version needs now. Pure: the same input, memory and moment give the
/// same decision.
///
/// 1. A pinned count is taken as it is.
/// 2. Need = (requests in flight + backlog × service time / {@link #DRAIN_TIME}) / `maxBatchSize`,
///    rounded up: a backlog is worked off within the drain time and not taken for lasting demand.
/// 3. Up at once. Down only to the highest need of the hold-down window (two cold starts, at least
///    {@link #MIN_HOLD}), and never while a replica is starting, which counts as capacity.
/// 4. To zero only with `minReplicas` 0 and after `scaleToZeroAfter` without a request.
/// 5. `maxReplicas` and what fits into memory bound the result; they never take a running replica.
public final class Scaler {
  /// Within this time a backlog shall be worked off.
  public static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  /// The shortest hold-down: a pause between two bursts must not cost a cold start.
  public static final Duration MIN_HOLD = Duration.ofSeconds(30);

  private Scaler() {}

  public static ScaleDecision decide(ScaleInput input, ScaleMemory memory, Instant now) {
    Scaling scaling = input.scaling();
    if (scaling.pinned().isPresent()) {
      int pinned = scaling.pinned().getAsInt();
      return bounded(input, pinned, ScaleReason.PINNED, "pinned to %d".formatted(pinned), memory);
    }
    return switch (input.demand()) {
      case Demand.Unknown() ->
          new ScaleDecision(
              Math.max(input.current(), scaling.minReplicas()),
              ScaleReason.DEMAND_UNKNOWN,
              "no word from the gateways: held",
              memory);
      case Demand.Known known -> byDemand(input, known, memory, now);
    };
  }

  private static ScaleDecision byDemand(
      ScaleInput input, Demand.Known demand, ScaleMemory memory, Instant now) {
    int need = need(demand, input.maxBatchSize());
    ScaleMemory next = remember(memory, need, hold(input), now);
    if (need == 0) {
      return idle(input, next, now);
    }
    int held = Math.min(next.peaks().getFirst().need(), input.current());
    int target = Math.max(Math.max(need, held), input.scaling().minReplicas());
    String numbers =
        "%d in flight, %d waiting, %d at once per replica"
            .formatted(demand.inFlight(), demand.waiting(), input.maxBatchSize());
    if (target < input.current() && input.starting() > 0) {
      return new ScaleDecision(input.current(), ScaleReason.STARTING, numbers, next);
    }
    if (held > need && target == held) {
      return bounded(input, target, ScaleReason.HOLD_DOWN, numbers, next);
    }
    ScaleReason reason =
        need < input.scaling().minReplicas() ? ScaleReason.MINIMUM : ScaleReason.DEMAND;
    return bounded(input, target, reason, numbers, next);
  }

  private static ScaleDecision idle(ScaleInput input, ScaleMemory memory, Instant now) {
    Scaling scaling = input.scaling();
    Duration since = Duration.between(memory.busyAt(), now);
    int held = memory.peaks().getFirst().need();
    if (held == 0 && input.starting() > 0 && input.current() > scaling.minReplicas()) {
      return new ScaleDecision(
          input.current(), ScaleReason.STARTING, "no request, but a replica is starting", memory);
    }
    if (held > 0) {
      String note = "no request, held at the last peak of %d".formatted(held);
      return bounded(
          input,
          Math.max(Math.min(held, input.current()), scaling.minReplicas()),
          ScaleReason.HOLD_DOWN,
          note,
          memory);
    }
    if (scaling.minReplicas() > 0) {
      return bounded(
          input,
          scaling.minReplicas(),
          ScaleReason.MINIMUM,
          "minReplicas %d".formatted(scaling.minReplicas()),
          memory);
    }
    if (since.compareTo(scaling.scaleToZeroAfter()) >= 0) {
      return new ScaleDecision(
          0, ScaleReason.IDLE, "no request for %s".formatted(words(since)), memory);
    }
    return new ScaleDecision(
        Math.min(1, input.current()),
        ScaleReason.HOLD_DOWN,
        "no request, to zero after %s".formatted(words(scaling.scaleToZeroAfter())),
        memory);
  }

  private static ScaleDecision bounded(
      ScaleInput input, int wanted, ScaleReason reason, String note, ScaleMemory memory) {
    int target = wanted;
    ScaleReason why = reason;
    int max = input.scaling().maxReplicas();
    if (input.scaling().pinned().isEmpty() && target > max) {
      target = max;
      why = ScaleReason.MAXIMUM;
      note = "%s: %d needed, maxReplicas is %d".formatted(note, wanted, max);
    }
    int affordable = Math.max(input.affordable(), input.current());
    if (target > affordable) {
      note = "%s: %d wanted, memory for %d".formatted(note, target, affordable);
      target = affordable;
      why = ScaleReason.MEMORY;
    }
    return new ScaleDecision(target, why, note, memory);
  }

  /// Replicas for the requests in flight and for working off the backlog in time; at least 1 when
  /// there is any request.
  static int need(Demand.Known demand, int maxBatchSize) {
    double backlog =
        demand.waiting() * (double) demand.serviceTime().toMillis() / DRAIN_TIME.toMillis();
    int need = (int) Math.ceil((demand.inFlight() + backlog) / maxBatchSize);
    return Math.max(need, demand.waiting() + demand.inFlight() > 0 ? 1 : 0);
  }

  private static Duration hold(ScaleInput input) {
    Duration two = input.coldStart().multipliedBy(2);
    return two.compareTo(MIN_HOLD) > 0 ? two : MIN_HOLD;
  }

  private static ScaleMemory remember(ScaleMemory memory, int need, Duration hold, Instant now) {
    List<Peak> peaks = new ArrayList<>();
    for (Peak peak : memory.peaks()) {
      if (peak.need() > need && peak.at().plus(hold).isAfter(now)) {
        peaks.add(peak);
      }
    }
    peaks.add(new Peak(now, need));
    return new ScaleMemory(peaks, need > 0 ? now : memory.busyAt());
  }

  private static String words(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 120 ? seconds + " s" : duration.toMinutes() + " min";
  }
}
