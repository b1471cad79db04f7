package dev.fairlead.core.place;

import java.util.Locale;
import java.util.Optional;

/// How replicas share one machine: what fits into its free memory, and how many threads each gets.
///
/// @param cores processors that may be used
/// @param availableBytes memory that could be used now, what runs already not included
public record HostFit(int cores, long availableBytes) {
  /// What stays free in any case, for the page cache and for everybody else.
  public static final long RESERVE_BYTES = 256L << 20;

  public HostFit {
    if (cores <= 0) {
      throw new IllegalArgumentException("cores is not positive: " + cores);
    }
    if (availableBytes < 0) {
      throw new IllegalArgumentException("availableBytes is negative: " + availableBytes);
    }
  }

  /// How many more replicas of `bytes` each fit.
  public int more(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes is not positive: " + bytes);
    }
    return (int) Math.min(Math.max(availableBytes - RESERVE_BYTES, 0) / bytes, 1_000);
  }

  /// Why no replica of `bytes` fits, and what to do; empty when one does.
  public Optional<String> shortage(long bytes) {
    return more(bytes) > 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "a replica takes %,d MiB, %,d MiB are free: free some memory, lower"
                    + " engine.contextLength or engine.maxBatchSize, or take a smaller model",
                bytes >> 20,
                availableBytes >> 20));
  }

  /// What is left once `count` replicas of `bytes` each have been placed.
  public HostFit minus(long bytes, int count) {
    return new HostFit(cores, Math.max(0, availableBytes - bytes * count));
  }

  /// Threads for a replica when `replicas` share the cores, at least one.
  public int threads(int replicas) {
    return Math.max(1, cores / Math.max(1, replicas));
  }
}
