package dev.fairlead.core.route;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.model.Artifact.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One version as a gateway sees it.
///
/// @param weight its share of the traffic among the versions of the same route, 0 for none
/// @param maxBatchSize how many requests one replica runs at once
/// @param contextLength the longest prompt and answer together, in tokens; 0 when not known yet
/// @param expectedLoad how long a replica takes from start to ready, as measured; a guess at first
/// @param blocked why no replica can come up at present, in words for the client; empty when one
///   can
/// @param engineModel what the engine calls the model; empty where any name will do
/// @param endpoints the agents of its replicas, ready or not
public record VersionRoute(
    String version,
    int weight,
    Purpose purpose,
    int maxBatchSize,
    int contextLength,
    Duration nonStreamingWait,
    Duration maxStreamDuration,
    Duration expectedLoad,
    Optional<String> blocked,
    Optional<String> engineModel,
    List<Endpoint> endpoints) {
  public VersionRoute {
    requireNonNull(version, "version is null");
    if (weight < 0) {
      throw new IllegalArgumentException("weight is negative: " + weight);
    }
    requireNonNull(purpose, "purpose is null");
    requireNonNull(nonStreamingWait, "nonStreamingWait is null");
    requireNonNull(maxStreamDuration, "maxStreamDuration is null");
    requireNonNull(expectedLoad, "expectedLoad is null");
    requireNonNull(blocked, "blocked is null");
    requireNonNull(engineModel, "engineModel is null");
    endpoints = List.copyOf(endpoints);
  }
}
