package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Endpoint;

/// The right to send one request to one replica. Finished exactly once; finishing it again does
/// nothing. Confined to the event loop of its request.
final class Grant {
  private final VersionQueue queue;
  private final ReplicaLoad load;
  private final long promptTokens;
  private final Attempt attempt;
  private boolean prefilled;
  private boolean released;

  Grant(VersionQueue queue, ReplicaLoad load, long promptTokens) {
    this.queue = queue;
    this.load = load;
    this.promptTokens = promptTokens;
    this.attempt = load.attempt();
  }

  Endpoint endpoint() {
    return load.endpoint();
  }

  /// Which start of the replica it is for.
  Attempt attempt() {
    return attempt;
  }

  /// The first byte of the answer is there.
  void prefilled() {
    if (!prefilled) {
      prefilled = true;
      queue.prefilled(load, promptTokens);
    }
  }

  /// Nothing is to be learned about the replica.
  void release() {
    finish(VersionQueue.Ending.DONE);
  }

  /// The replica did what it is there for.
  void releaseServed() {
    finish(VersionQueue.Ending.SERVED);
  }

  /// The replica, or the way to it, failed.
  void releaseFailed() {
    finish(VersionQueue.Ending.FAILED);
  }

  /// The agent had no room: it is left out until it is heard again.
  void releaseFull() {
    finish(VersionQueue.Ending.FULL);
  }

  /// The replica could not be used at all.
  void releaseLost() {
    finish(VersionQueue.Ending.LOST);
  }

  private void finish(VersionQueue.Ending ending) {
    if (!released) {
      prefilled();
      released = true;
      queue.release(load, ending);
    }
  }
}
