package dev.fairlead.core.rollout;

import dev.fairlead.core.rollout.RolloutState.Rejected;
import dev.fairlead.core.rollout.RolloutState.Serving;
import dev.fairlead.core.rollout.RolloutState.Warming;
import java.time.Duration;
import java.time.Instant;

/// Moves a model from one version to the next: the new one starts, warms and then takes over, and
/// never without having served-ready replicas of its own; the old one keeps the traffic until then.
/// One pure function for each state.
public final class Rollout {
  /// A version that is not ready by then is rejected: no state waits for ever.
  public static final Duration DEADLINE = Duration.ofMinutes(15);

  private Rollout() {}

  /// The first version of a model gets the traffic at once: there is nothing else to serve, and a
  /// request is held until it is ready.
  public static RolloutState first(String version) {
    return new Serving(version);
  }

  /// The next state when the spec wants `wanted`. `activeHealth` and `nextHealth` are of the
  /// present active version and of the wanted one.
  public static RolloutState next(
      RolloutState state,
      String wanted,
      VersionHealth activeHealth,
      VersionHealth nextHealth,
      Instant now) {
    if (wanted.equals(state.active())) {
      return new Serving(wanted);
    }
    return switch (state) {
      case Serving serving -> begin(serving, wanted, activeHealth, now);
      case Warming warming -> warm(warming, wanted, activeHealth, nextHealth, now);
      case Rejected rejected ->
          rejected.rejected().equals(wanted)
              ? rejected
              : begin(new Serving(rejected.active()), wanted, activeHealth, now);
    };
  }

  private static RolloutState begin(
      Serving serving, String wanted, VersionHealth activeHealth, Instant now) {
    // A dead active version must not block its own fix.
    return activeHealth instanceof VersionHealth.Failed
        ? new Serving(wanted)
        : new Warming(serving.active(), wanted, now);
  }

  private static RolloutState warm(
      Warming warming,
      String wanted,
      VersionHealth activeHealth,
      VersionHealth nextHealth,
      Instant now) {
    if (!warming.next().equals(wanted)) {
      return begin(new Serving(warming.active()), wanted, activeHealth, now);
    }
    return switch (nextHealth) {
      case VersionHealth.Ready() -> new Serving(wanted);
      case VersionHealth.Failed(String why) -> new Rejected(warming.active(), wanted, why);
      case VersionHealth.Coming() ->
          now.isBefore(warming.since().plus(DEADLINE))
              ? warming
              : new Rejected(
                  warming.active(),
                  wanted,
                  "not ready within %d min".formatted(DEADLINE.toMinutes()));
    };
  }
}
