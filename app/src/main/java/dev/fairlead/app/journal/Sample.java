package dev.fairlead.app.journal;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/// One second of every model that is served, by the name of its resource.
public record Sample(Instant time, Map<String, OfModel> models) {
  public Sample {
    models = Map.copyOf(models);
  }

  /// One second of one model.
  ///
  /// @param generatedTokens generated in this second
  /// @param promptTokens read in this second
  /// @param firstTokenMillis the median time to first token of the streams that began in it
  public record OfModel(
      long generatedTokens,
      long promptTokens,
      OptionalLong firstTokenMillis,
      int inFlight,
      int waiting,
      int readyReplicas) {}
}
