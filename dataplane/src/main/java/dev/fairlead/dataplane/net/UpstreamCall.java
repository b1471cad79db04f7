package dev.fairlead.dataplane.net;

/// One request on its way to an upstream. For the thread of the call's event loop only; every
/// method does nothing once the call is over.
public interface UpstreamCall {
  /// Stops reading from the upstream. What had been read already is still delivered: one buffer of
  /// 64 KiB, or what the socket holds when the upstream has closed it.
  void pause();

  /// Reads on.
  void resume();

  /// Closes the upstream's connection at once, which is how an engine learns that its client left.
  /// The listener hears nothing more.
  void cancel();
}
