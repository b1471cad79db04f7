package dev.fairlead.core.plan;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.route.Endpoint;
import java.time.Instant;

/// One replica as it was observed.
///
/// @param since when it entered its phase
/// @param inFlight requests that it is working on
/// @param restarts how often its engine was started again after a failure
public record Replica(Endpoint endpoint, Phase phase, Instant since, int inFlight, int restarts) {

  public Replica {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(phase, "phase is null");
    requireNonNull(since, "since is null");
    if (inFlight < 0 || restarts < 0) {
      throw new IllegalArgumentException(
          "a count is negative: inFlight %d, restarts %d".formatted(inFlight, restarts));
    }
  }

  public String id() {
    return endpoint.replica();
  }

  public String version() {
    return endpoint.version();
  }

  boolean ready() {
    return phase instanceof Phase.Ready;
  }

  boolean draining() {
    return phase instanceof Phase.Draining;
  }

  boolean failed() {
    return phase instanceof Phase.Failed;
  }

  /// Whether it is on its way to serving.
  boolean coming() {
    return !ready() && !draining() && !failed();
  }

  /// Where a replica is in its life.
  public sealed interface Phase {
    /// Its process is being started.
    record Starting() implements Phase {}

    /// The engine reads the model.
    record Loading() implements Phase {}

    /// The engine answers and is being asked for the first time.
    record Warming() implements Phase {}

    /// It serves.
    record Ready() implements Phase {}

    /// It finishes what it has and takes nothing new.
    record Draining() implements Phase {}

    /// Its engine ended. A `permanent` failure is not tried again; another one is, after a
    /// back-off.
    record Failed(String reason, String message, boolean permanent) implements Phase {
      public Failed {
        requireNonNull(reason, "reason is null");
        requireNonNull(message, "message is null");
      }
    }
  }
}
