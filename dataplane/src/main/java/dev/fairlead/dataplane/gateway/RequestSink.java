package dev.fairlead.dataplane.gateway;

/// Is told of every request that was settled, exactly once, on the event loop of its client: it
/// must not block, and what it throws is logged.
@FunctionalInterface
public interface RequestSink {
  void settled(RequestRecord request);
}
