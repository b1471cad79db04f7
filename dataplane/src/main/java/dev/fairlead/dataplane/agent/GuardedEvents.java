package dev.fairlead.dataplane.agent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps an exception of a listener from leaving half done what it was told about: a permit that is
/// not given back costs a slot for ever.
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
  public void requestFailed(String why) {
    guard(() -> listener.requestFailed(why));
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
