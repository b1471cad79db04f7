package dev.fairlead.dataplane.net;

/// One request on its way to an upstream. For the thread of the call's event loop only; every
/// method does nothing once the call is over.
public interface UpstreamCall {
  /// Stops reading from the upstream. What had been read already, at most one buffer of 64 KiB, is
  /// still delivered.
  void pause();

  /// Reads on.
  void resume();

  /// Closes the upstream's connection at once, which is how an engine learns that its client left.
  /// The listener hears nothing more.
  void cancel();
}
