package dev.fairlead.lab.bench;

/// What the {@link LoadProgram} is to do, as one line of JSON. Immutable.
///
/// @param port of the server on loopback
/// @param connections how many requests run at once; ignored at a fixed rate
/// @param requests after so many it ends
/// @param seconds or after so long
/// @param perSecond a fixed rate whatever the answers take, 0 for the next request after each
///   answer
record Load(int port, Ask ask, int connections, int requests, int seconds, int perSecond) {
  Load {
    if (requests <= 0) {
      throw new IllegalArgumentException("requests is not positive: " + requests);
    }
    if (seconds <= 0) {
      throw new IllegalArgumentException("seconds is not positive: " + seconds);
    }
  }

  /// The next request as soon as an answer is complete.
  static Load closed(Ask ask, int connections, int requests, int seconds) {
    return new Load(0, ask, connections, requests, seconds, 0);
  }

  /// So many requests a second.
  static Load fixedRate(Ask ask, int perSecond, int seconds) {
    return new Load(0, ask, 0, perSecond * seconds, seconds + 5, perSecond);
  }

  /// The same with other bounds.
  Load bounded(int otherRequests, int otherSeconds) {
    return new Load(port, ask, connections, otherRequests, otherSeconds, perSecond);
  }

  Load at(int otherPort) {
    return new Load(otherPort, ask, connections, requests, seconds, perSecond);
  }
}
