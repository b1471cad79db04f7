package dev.fairlead.core.admit;

/// Whether an agent takes one more request: up to `maxBatchSize` run, at most one batch more waits,
/// and the rest is better off at another replica or in the gateway's queue.
public final class Admission {
  private Admission() {}

  /// The answer to a request.
  public enum Verdict {
    /// It goes to the engine now.
    RUN,
    /// It waits for a slot of this replica.
    WAIT,
    /// The replica is full: place it elsewhere.
    BUSY,
    /// The replica is going away: place it elsewhere.
    DRAINING,
    /// The engine is not ready yet: place it elsewhere.
    NOT_READY
  }

  /// The state of one replica at the moment of the request.
  public record Occupancy(
      int maxBatchSize, int running, int waiting, boolean ready, boolean draining) {
    public Occupancy {
      if (maxBatchSize <= 0) {
        throw new IllegalArgumentException("maxBatchSize is not positive: " + maxBatchSize);
      }
      if (running < 0 || waiting < 0) {
        throw new IllegalArgumentException(
            "a count is negative: running %d, waiting %d".formatted(running, waiting));
      }
    }
  }

  public static Verdict decide(Occupancy replica) {
    if (replica.draining()) {
      return Verdict.DRAINING;
    }
    if (!replica.ready()) {
      return Verdict.NOT_READY;
    }
    if (replica.running() < replica.maxBatchSize()) {
      return Verdict.RUN;
    }
    return replica.waiting() < replica.maxBatchSize() ? Verdict.WAIT : Verdict.BUSY;
  }
}
