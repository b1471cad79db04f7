package dev.fairlead.core.scale;

/// What the control loop asks for the demand of a version: the gateway itself in one process, the
/// streams of all gateways in a cluster. Callable from any thread; never blocks.
public interface DemandFeed {
  Demand demand(String version);
}
