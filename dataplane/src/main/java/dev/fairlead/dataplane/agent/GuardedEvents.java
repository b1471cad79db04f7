package dev.fairlead.dataplane.agent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps an exception of a listener from leaving half done what it was told about: a watch that is
/// not scheduled again leaves an engine unready for ever.
record GuardedEvents(AgentEvents listener) implements AgentEvents {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedEvents.class);

  @Override
  public void phaseChanged(EnginePhase phase, String why) {
    guard(() -> listener.phaseChanged(phase, why));
  }

  @Override
  public void warmUpFailed(String why) {
    guard(() -> listener.warmUpFailed(why));
  }

  @Override
  public void drained() {
    guard(listener::drained);
  }

  private static void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("listener of an agent failed", e);
    }
  }
}
