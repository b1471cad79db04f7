package dev.fairlead.api;

import java.time.Duration;

/// What an absent field means: read by the vocabulary, which tells the user, and by the resolver,
/// which acts on it.
final class Defaults {
  static final int MIN_REPLICAS = 1;
  static final int MAX_BATCH_SIZE = 4;

  /// How many requests a server elsewhere is sent at once.
  static final int UPSTREAM_REQUESTS = 64;

  static final Duration SCALE_TO_ZERO_AFTER = Duration.ofMinutes(5);
  static final Duration NON_STREAMING_WAIT = Duration.ofSeconds(45);
  static final Duration MAX_STREAM_DURATION = Duration.ofHours(1);

  private Defaults() {}

  static int maxReplicas(int minReplicas) {
    return Math.max(1, minReplicas);
  }
}
