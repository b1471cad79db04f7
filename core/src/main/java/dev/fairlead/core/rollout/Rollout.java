package dev.fairlead.core.rollout;

import dev.fairlead.core.rollout.RolloutState.Provisioning;
import dev.fairlead.core.rollout.RolloutState.Rejected;
import dev.fairlead.core.rollout.RolloutState.Serving;
import dev.fairlead.core.rollout.RolloutState.Warming;
import java.time.Duration;
import java.time.Instant;

/// Moves a model from one version to the next: the new one starts, warms and then takes over, and
/// never without ready replicas of its own; the old one keeps the traffic until then. One pure
/// function for each state.
public final class Rollout {
  /// A version whose files are there and that is not ready by then is rejected: no state waits for
  /// ever.
  public static final Duration DEADLINE = Duration.ofMinutes(15);

  /// A version whose files are not there by then is rejected. Long, because a slow line is no fault
  /// of the version, and the old one serves meanwhile.
  public static final Duration FETCH_DEADLINE = Duration.ofHours(24);

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
    Candidate candidate = new Candidate(state.active(), wanted, activeHealth, nextHealth, now);
    return switch (state) {
      case Serving _ -> begin(candidate);
      case Provisioning provisioning ->
          provisioning.next().equals(wanted)
              ? provision(provisioning, candidate)
              : begin(candidate);
      case Warming warming ->
          warming.next().equals(wanted) ? warm(warming, candidate) : begin(candidate);
      case Rejected rejected -> rejected.rejected().equals(wanted) ? rejected : begin(candidate);
    };
  }

  /// The version that shall follow the active one, and how both are doing at `now`.
  private record Candidate(
      String active,
      String version,
      VersionHealth activeHealth,
      VersionHealth health,
      Instant now) {

    /// A dead active version must not block its own fix: requests are better held for the next one
    /// than refused.
    boolean nothingToLose() {
      return activeHealth instanceof VersionHealth.Failed;
    }

    Rejected rejected(String why) {
      return new Rejected(active, version, why);
    }
  }

  private static RolloutState begin(Candidate candidate) {
    if (candidate.nothingToLose()) {
      return new Serving(candidate.version());
    }
    return candidate.health() instanceof VersionHealth.Preparing
        ? new Provisioning(candidate.active(), candidate.version(), candidate.now())
        : new Warming(candidate.active(), candidate.version(), candidate.now());
  }

  private static RolloutState provision(Provisioning state, Candidate candidate) {
    return switch (candidate.health()) {
      case VersionHealth.Failed(String why) -> candidate.rejected(why);
      case VersionHealth.Ready(), VersionHealth.Coming _ -> begin(candidate);
      case VersionHealth.Preparing() -> {
        if (candidate.nothingToLose()) {
          yield new Serving(candidate.version());
        }
        yield candidate.now().isBefore(state.since().plus(FETCH_DEADLINE))
            ? state
            : candidate.rejected(
                "its files are not there after %d h".formatted(FETCH_DEADLINE.toHours()));
      }
    };
  }

  private static RolloutState warm(Warming state, Candidate candidate) {
    return switch (candidate.health()) {
      case VersionHealth.Ready() -> new Serving(candidate.version());
      case VersionHealth.Failed(String why) -> candidate.rejected(why);
      case VersionHealth.Preparing() -> await(state, candidate, "its files are read again");
      case VersionHealth.Coming(String doing) -> await(state, candidate, doing);
    };
  }

  private static RolloutState await(Warming state, Candidate candidate, String doing) {
    if (candidate.nothingToLose()) {
      return new Serving(candidate.version());
    }
    return candidate.now().isBefore(state.since().plus(DEADLINE))
        ? state
        : candidate.rejected("not ready within %d min: %s".formatted(DEADLINE.toMinutes(), doing));
  }
}
