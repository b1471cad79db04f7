package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Endpoint;

/// The right to send one request to one replica. Finished exactly once; finishing it again does
/// nothing. Confined to the event loop of its request.
final class Grant {
  private final VersionQueue queue;
  private final ReplicaLoad load;
  private final long promptTokens;
  private boolean prefilled;
  private boolean released;

  Grant(VersionQueue queue, ReplicaLoad load, long promptTokens) {
    this.queue = queue;
    this.load = load;
    this.promptTokens = promptTokens;
  }

  Endpoint endpoint() {
    return load.endpoint();
  }

  /// The first byte of the answer is there.
  void prefilled() {
    if (!prefilled) {
      prefilled = true;
      queue.prefilled(load, promptTokens);
    }
  }

  void release() {
    finish(VersionQueue.Ending.DONE);
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
