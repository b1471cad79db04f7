package dev.fairlead.artifacts.inspect;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact;

/// How much memory one replica of a model takes, so that it is refused before it fills the machine:
/// the weights, the KV cache at its fullest, and what an engine needs besides.
///
/// @param weights the bytes of the files, which the engine maps
/// @param kvCache for `maxBatchSize` sequences of `contextLength` tokens
/// @param overhead compute buffers, the vocabulary, the program itself
public record MemoryEstimate(long weights, long kvCache, long overhead) {
  /// An allowance: the demo model took 57 MB besides weights and cache (xllamacpp 2026.10.11549, 4
  /// sequences, `-ub 56`); larger batches and vocabularies take more.
  public static final long OVERHEAD_BYTES = 150L << 20;

  /// `contextLength` is in tokens per sequence, `maxBatchSize` in sequences. Sums beyond
  /// `Long.MAX_VALUE` stay there.
  public static MemoryEstimate of(Artifact artifact, int contextLength, int maxBatchSize) {
    requireNonNull(artifact, "artifact is null");
    if (contextLength < 0 || maxBatchSize < 0) {
      throw new IllegalArgumentException(
          "negative: contextLength %d, maxBatchSize %d".formatted(contextLength, maxBatchSize));
    }
    long kvCache =
        capped(artifact.kvBytesPerToken(), Math.multiplyFull(contextLength, maxBatchSize));
    return new MemoryEstimate(artifact.bytes(), kvCache, OVERHEAD_BYTES);
  }

  public long bytes() {
    try {
      return Math.addExact(weights, Math.addExact(kvCache, overhead));
    } catch (ArithmeticException tooMuch) {
      return Long.MAX_VALUE;
    }
  }

  private static long capped(long one, long other) {
    try {
      return Math.multiplyExact(one, other);
    } catch (ArithmeticException tooMuch) {
      return Long.MAX_VALUE;
    }
  }
}
