package dev.fairlead.core.scale;

import java.util.Locale;

/// Why a replica count is what it is: in events, conditions and metric labels under this name.
public enum ScaleReason {
  /// The spec pins the count.
  PINNED,
  /// `minReplicas` holds it up.
  MINIMUM,
  /// Requests in flight and the backlog need it.
  DEMAND,
  /// Demand would take more than `maxReplicas`.
  MAXIMUM,
  /// More would not fit into the free memory.
  MEMORY,
  /// Demand has fallen, but not for long enough.
  HOLD_DOWN,
  /// A replica is starting, so nothing is taken away.
  STARTING,
  /// No request for `scaleToZeroAfter`.
  IDLE,
  /// The gateways could not be asked.
  DEMAND_UNKNOWN,
  /// The version gets no traffic.
  NO_TRAFFIC,
  /// A rollout brings the version up before it gets traffic.
  ROLLOUT;

  /// The reason in a sentence: `HOLD_DOWN` is `hold down`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
