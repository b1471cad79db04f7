package dev.fairlead.core.scale;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// What the gateways saw of one version, or that they could not be asked.
public sealed interface Demand {

  /// A gateway has not been heard for too long: nothing may be concluded, least of all that nobody
  /// needs the version.
  record Unknown() implements Demand {}

  /// The counters of every gateway together.
  ///
  /// @param arrivals requests since the gateway started, monotone
  /// @param waiting requests that are held until a replica has room
  /// @param inFlight requests that a replica is working on
  /// @param serviceTime how long one request occupies a slot, as measured lately
  record Known(long arrivals, int waiting, int inFlight, Duration serviceTime) implements Demand {
    public Known {
      if (arrivals < 0) {
        throw new IllegalArgumentException("arrivals is negative: " + arrivals);
      }
      if (waiting < 0) {
        throw new IllegalArgumentException("waiting is negative: " + waiting);
      }
      if (inFlight < 0) {
        throw new IllegalArgumentException("inFlight is negative: " + inFlight);
      }
      if (requireNonNull(serviceTime, "serviceTime is null").isNegative()) {
        throw new IllegalArgumentException("serviceTime is negative: " + serviceTime);
      }
    }
  }
}
