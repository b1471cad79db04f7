package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// How a version's engine is to run. An absent `name` means that it follows from the model's files;
/// `maxBatchSize` is how many sequences one replica decodes at once; `contextLength` is in tokens
/// per sequence, absent for the engine catalogue's choice within what the model can do.
public record EngineSpec(
    Optional<String> name,
    List<String> args,
    Map<String, String> env,
    int maxBatchSize,
    OptionalInt contextLength) {
  public EngineSpec {
    requireNonNull(name, "name is null");
    args = List.copyOf(args);
    env = Map.copyOf(env);
    Checks.positive(maxBatchSize, "maxBatchSize");
    requireNonNull(contextLength, "contextLength is null");
    contextLength.ifPresent(tokens -> Checks.positive(tokens, "contextLength"));
  }
}
