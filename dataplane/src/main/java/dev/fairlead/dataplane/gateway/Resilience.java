package dev.fairlead.dataplane.gateway;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.route.ReplicaHealth;
import dev.fairlead.core.route.RetryBudget;
import dev.fairlead.dataplane.link.AgentState;
import java.time.Duration;

/// What a gateway does about replicas that fail.
///
/// @param agentSilence an agent that has a request and says nothing for so long is taken for gone;
///   it says something at every heartbeat
/// @param replayBytes how many bytes of requests' bodies are kept, over all requests, so that they
///   can be placed again; what comes beyond is sent once
/// @param retries how many requests are placed again because of failures
/// @param ejection when a replica is left out
public record Resilience(
    Duration agentSilence,
    long replayBytes,
    RetryBudget.Policy retries,
    ReplicaHealth.Policy ejection) {
  public Resilience {
    if (!agentSilence.isPositive()) {
      throw new IllegalArgumentException("agentSilence is not positive: " + agentSilence);
    }
    if (replayBytes < 0) {
      throw new IllegalArgumentException("replayBytes is negative: " + replayBytes);
    }
    requireNonNull(retries, "retries is null");
    requireNonNull(ejection, "ejection is null");
  }

  /// Three heartbeats of silence, 256 MiB, and the defaults of the policies.
  public static Resilience defaults() {
    return new Resilience(
        Duration.ofSeconds(3L * AgentState.HEARTBEAT_SECONDS),
        256L << 20,
        RetryBudget.Policy.defaults(),
        ReplicaHealth.Policy.defaults());
  }

  /// The same with another patience.
  public Resilience withAgentSilence(Duration other) {
    return new Resilience(other, replayBytes, retries, ejection);
  }

  /// The same with another budget of bytes.
  public Resilience withReplayBytes(long other) {
    return new Resilience(agentSilence, other, retries, ejection);
  }

  /// The same with another budget of retries.
  public Resilience withRetries(RetryBudget.Policy other) {
    return new Resilience(agentSilence, replayBytes, other, ejection);
  }

  /// The same with another rule of ejection.
  public Resilience withEjection(ReplicaHealth.Policy other) {
    return new Resilience(agentSilence, replayBytes, retries, other);
  }
}
