package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.PromptBlocks;
import dev.fairlead.dataplane.openai.ApiError;
import java.util.Set;
import java.util.concurrent.Executor;

/// A request in a queue, as the queue sees it. The queue calls it only through `loop`.
interface Waiter {
  /// The event loop of the request's client.
  Executor loop();

  /// What should stay together at one replica, such as a hash of the prompt's beginning.
  long affinity();

  long promptTokens();

  /// How its prompt begins.
  PromptBlocks prompt();

  /// A request of a higher one is served first.
  int priority();

  /// Where it failed already: it is not to be sent there again.
  default Set<Attempt> failedAt() {
    return Set.of();
  }

  /// The first replica of the version is ready, after a time in which none was.
  default void replicaReady() {}

  /// A replica has room; the grant must be released, whatever happens.
  void granted(Grant grant);

  /// The version is not served any more: look the model up again.
  void moved();

  /// No replica will come.
  void refused(ApiError error);
}
