package dev.fairlead.dataplane.agent;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Waits for the end of a drain. The last request is over a moment before its last bytes have left,
/// and whoever waits here is about to cut connections: so it looks again until they have. Confined
/// to the agent's loop, except for `done`.
final class Drain {
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final EventExecutor loop;
  private final BooleanSupplier idle;
  private final BooleanSupplier allSent;
  private final Runnable whenDone;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean draining;
  private boolean looking;

  /// `idle` says whether nothing runs or waits, `allSent` whether every answer has left.
  Drain(EventExecutor loop, BooleanSupplier idle, BooleanSupplier allSent, Runnable whenDone) {
    this.loop = loop;
    this.idle = idle;
    this.allSent = allSent;
    this.whenDone = whenDone;
  }

  /// Completes, on the agent's loop, when the drain is over. For every thread.
  CompletionStage<Void> done() {
    return done.minimalCompletionStage();
  }

  void begin() {
    draining = true;
    look();
  }

  /// Something may have ended.
  void look() {
    if (!draining || looking || done.isDone() || !idle.getAsBoolean()) {
      return;
    }
    if (allSent.getAsBoolean()) {
      whenDone.run();
      done.complete(null);
      return;
    }
    looking = true;
    var _ =
        loop.schedule(
            () -> {
              looking = false;
              look();
            },
            LOOK_AGAIN_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /// There will be no more to wait for.
  void close() {
    done.complete(null);
  }
}
