package dev.fairlead.dataplane.gateway;

/// Is told of every request that was settled, exactly once, on the event loop of its client: it
/// must not block, and what it throws is logged. Safe for every thread.
@FunctionalInterface
public interface RequestSink {
  void settled(RequestRecord request);

  /// Is told, likewise, of those that were refused before they were requests for an answer; of no
  /// more than some in a second.
  default void refused(DoorRecord request) {}
}
