package dev.fairlead.core.scale;

import dev.fairlead.core.model.Scaling;
import java.time.Duration;
import java.time.Instant;

/// Decides how many replicas a version needs now. Pure: the same input, memory and moment give the
/// same decision.
///
/// 1. A pinned count is taken as it is.
/// 2. Need = (requests in flight + backlog × service time / {@link #DRAIN_TIME}) / `maxBatchSize`,
///    rounded up: a backlog is worked off within the drain time and not taken for lasting demand.
/// 3. Up at once. Down only to the highest need of the hold-down window (two cold starts, at least
///    {@link #MIN_HOLD}), and never while a replica is starting, which counts as capacity.
/// 4. To zero only with `minReplicas` 0 and after `scaleToZeroAfter` without a request, which may
///    be shorter than the hold-down window: it is the user's word.
/// 5. `maxReplicas` bounds the result; what fits into memory bounds it too, but takes no replica
///    that is there.
/// 6. What is not known is held: without word from the gateways, and for one window after it or
///    after the memory was lost, the replicas that are there count as needed.
public final class Scaler {
  /// Within this time a backlog shall be worked off.
  public static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  /// The shortest hold-down: a pause between two bursts must not cost a cold start.
  public static final Duration MIN_HOLD = Duration.ofSeconds(30);

  private Scaler() {}

  public static ScaleDecision decide(ScaleInput input, ScaleMemory memory, Instant now) {
    ScaleMemory next = remember(input, memory, now);
    Scaling scaling = input.scaling();
    if (scaling.pinned().isPresent()) {
      int pinned = scaling.pinned().getAsInt();
      return affordable(
          input,
          new ScaleDecision(pinned, ScaleReason.PINNED, "pinned to %d".formatted(pinned), next));
    }
    return switch (input.demand()) {
      case Demand.Unknown() ->
          affordable(
              input,
              new ScaleDecision(
                  Math.max(input.current(), scaling.minReplicas()),
                  ScaleReason.DEMAND_UNKNOWN,
                  "no word from the gateways: held",
                  next));
      case Demand.Known known -> {
        ScaleDecision wanted = byDemand(input, known, next, now);
        yield afterStarts(input, affordable(input, atMost(scaling.maxReplicas(), wanted)));
      }
    };
  }

  /// How long a need is held after it has passed.
  public static Duration holdDown(Duration coldStart) {
    Duration two = coldStart.multipliedBy(2);
    return two.compareTo(MIN_HOLD) > 0 ? two : MIN_HOLD;
  }

  /// Replicas for the requests in flight and for working off the backlog in time; at least 1 when
  /// there is any request.
  static int need(Demand.Known demand, int maxBatchSize) {
    double backlog =
        demand.waiting() * (double) demand.serviceTime().toMillis() / DRAIN_TIME.toMillis();
    int need = (int) Math.ceil((demand.inFlight() + backlog) / maxBatchSize);
    return Math.max(need, demand.waiting() > 0 || demand.inFlight() > 0 ? 1 : 0);
  }

  private static ScaleMemory remember(ScaleInput input, ScaleMemory memory, Instant now) {
    Duration window = holdDown(input.coldStart());
    return switch (input.demand()) {
      case Demand.Unknown() -> memory.with(input.current(), window, now);
      case Demand.Known known -> {
        ScaleMemory before =
            memory.peaks().isEmpty() ? memory.with(input.current(), window, now) : memory;
        yield before
            .with(need(known, input.maxBatchSize()), window, now)
            .counting(known.arrivals(), now);
      }
    };
  }

  private static ScaleDecision byDemand(
      ScaleInput input, Demand.Known demand, ScaleMemory memory, Instant now) {
    int need = need(demand, input.maxBatchSize());
    int minimum = input.scaling().minReplicas();
    if (need == 0 && minimum == 0) {
      return towardsZero(input, memory, now);
    }
    int held = Math.min(memory.peak(), input.current());
    String numbers =
        "%d in flight, %d waiting, %d at once per replica"
            .formatted(demand.inFlight(), demand.waiting(), input.maxBatchSize());
    if (held > Math.max(need, minimum)) {
      return new ScaleDecision(
          held,
          ScaleReason.HOLD_DOWN,
          "%s; %d needed within %s"
              .formatted(numbers, memory.peak(), words(holdDown(input.coldStart()))),
          memory);
    }
    return need < minimum
        ? new ScaleDecision(
            minimum,
            ScaleReason.MINIMUM,
            "minReplicas is %d; %s".formatted(minimum, numbers),
            memory)
        : new ScaleDecision(need, ScaleReason.DEMAND, numbers, memory);
  }

  private static ScaleDecision towardsZero(ScaleInput input, ScaleMemory memory, Instant now) {
    Duration quiet = Duration.between(memory.busyAt(), now);
    Duration limit = input.scaling().scaleToZeroAfter();
    if (input.current() == 0) {
      return new ScaleDecision(0, ScaleReason.IDLE, "no request", memory);
    }
    return quiet.compareTo(limit) >= 0
        ? new ScaleDecision(
            0, ScaleReason.IDLE, "no request for %s".formatted(words(quiet)), memory)
        : new ScaleDecision(
            Math.clamp(memory.peak(), 1, input.current()),
            ScaleReason.HOLD_DOWN,
            "no request, to zero after %s".formatted(words(limit)),
            memory);
  }

  private static ScaleDecision atMost(int max, ScaleDecision wanted) {
    return wanted.target() <= max
        ? wanted
        : new ScaleDecision(
            max,
            ScaleReason.MAXIMUM,
            "%s: %d needed, maxReplicas is %d".formatted(wanted.note(), wanted.target(), max),
            wanted.memory());
  }

  private static ScaleDecision affordable(ScaleInput input, ScaleDecision wanted) {
    int affordable = Math.max(input.affordable(), input.current());
    return wanted.target() <= affordable
        ? wanted
        : new ScaleDecision(
            affordable,
            ScaleReason.MEMORY,
            "%s: %d wanted, memory for %d".formatted(wanted.note(), wanted.target(), affordable),
            wanted.memory());
  }

  private static ScaleDecision afterStarts(ScaleInput input, ScaleDecision wanted) {
    return wanted.target() >= input.current() || input.starting() == 0
        ? wanted
        : new ScaleDecision(
            input.current(),
            ScaleReason.STARTING,
            "%s; nothing is taken away while %d start".formatted(wanted.note(), input.starting()),
            wanted.memory());
  }

  private static String words(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 120 ? seconds + " s" : duration.toMinutes() + " min";
  }
}
