package dev.fairlead.core.usage;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What the requests of one group took together.
///
/// @param group the value of each dimension that was asked for
public record UsageSum(Map<Dimension, String> group, Counts counts) {

  /// The sums, in requests and in tokens.
  ///
  /// @param estimated how many of the requests have estimated tokens
  /// @param cached the part of `prompt` that was in KV caches
  public record Counts(long requests, long estimated, long prompt, long cached, long completion) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    public Counts plus(Counts other) {
      return new Counts(
          requests + other.requests,
          estimated + other.estimated,
          prompt + other.prompt,
          cached + other.cached,
          completion + other.completion);
    }

    /// Prompt and completion.
    public long tokens() {
      return prompt + completion;
    }
  }

  public UsageSum {
    EnumMap<Dimension, String> ordered = new EnumMap<>(Dimension.class);
    ordered.putAll(group);
    group = Collections.unmodifiableMap(ordered);
    requireNonNull(counts, "counts is null");
  }
}
