package dev.fairlead.dataplane.agent;

/// Learns what becomes of an agent's engine. Called on the agent's loop: must not block.
public interface AgentEvents {
  /// The engine is now in `phase`. `why` is one line for people.
  default void phaseChanged(EnginePhase phase, String why) {}

  /// The engine is healthy but did not answer the warm-up; it is asked again.
  default void warmUpFailed(String why) {}

  /// A drain is complete: nothing runs, nothing waits, everything has been sent.
  default void drained() {}
}
