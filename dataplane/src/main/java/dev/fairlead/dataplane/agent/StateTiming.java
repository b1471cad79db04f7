package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.link.AgentState;
import java.time.Duration;

/// The rhythm of the state stream, and of the signs of life on the answer to a request.
///
/// @param pace the shortest time between two messages, except for readiness and draining
/// @param heartbeat the longest; an answer that is silent for so long says that it is worked on
public record StateTiming(Duration pace, Duration heartbeat) {
  public StateTiming {
    Checks.positive(pace, "pace");
    Checks.positive(heartbeat, "heartbeat");
    if (heartbeat.compareTo(pace) <= 0) {
      throw new IllegalArgumentException(
          "heartbeat %s is not longer than pace %s".formatted(heartbeat, pace));
    }
  }

  /// Ten a second at most, the protocol's heartbeat at least.
  public static StateTiming defaults() {
    return new StateTiming(
        Duration.ofMillis(100), Duration.ofSeconds(AgentState.HEARTBEAT_SECONDS));
  }
}
