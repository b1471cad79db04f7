package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// One version of one model, complete: every default has been filled in. `name` is unique among the
/// versions of an installation; `label` is the user's own word for the version. `nonStreamingWait`
/// is how long a non-streaming request may be held for a cold start; `maxStreamDuration` bounds one
/// answer.
public record VersionSpec(
    String name,
    String label,
    ModelSource source,
    EngineSpec engine,
    Scaling scaling,
    Duration nonStreamingWait,
    Duration maxStreamDuration) {
  public VersionSpec {
    Checks.nonBlank(name, "name");
    requireNonNull(label, "label is null");
    requireNonNull(source, "source is null");
    requireNonNull(engine, "engine is null");
    requireNonNull(scaling, "scaling is null");
    requireNonNull(nonStreamingWait, "nonStreamingWait is null");
    requireNonNull(maxStreamDuration, "maxStreamDuration is null");
  }

  /// Whether `other` would need no new engine: it differs at most in fields that change in place.
  public boolean sameTemplate(VersionSpec other) {
    return source.equals(other.source) && engine.equals(other.engine) && label.equals(other.label);
  }
}
