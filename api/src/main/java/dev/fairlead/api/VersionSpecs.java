package dev.fairlead.api;

import dev.fairlead.api.ModelVersion.Autoscaling;
import dev.fairlead.api.ModelVersion.Engine;
import dev.fairlead.api.ModelVersion.Mode;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.model.VersionSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// Fills in the defaults of a ModelVersion.
final class VersionSpecs {
  private VersionSpecs() {}

  /// `located` finds what a `modelPath` names.
  static VersionSpec of(ModelVersion version, UnaryOperator<String> located) {
    ModelVersion.Spec spec = version.spec();
    return new VersionSpec(
        version.metadata().name(),
        spec.version().orElse(""),
        source(version.metadata().name(), spec, located),
        engine(spec.engine()),
        scaling(spec),
        spec.coldStart()
            .flatMap(ModelVersion.ColdStart::nonStreamingWait)
            .orElse(Defaults.NON_STREAMING_WAIT),
        spec.maxStreamDuration().orElse(Defaults.MAX_STREAM_DURATION));
  }

  private static ModelSource source(
      String name, ModelVersion.Spec spec, UnaryOperator<String> located) {
    Optional<Engine> elsewhere = spec.engine().filter(engine -> engine.baseUrl().isPresent());
    if (elsewhere.isPresent()) {
      Engine engine = elsewhere.orElseThrow();
      return new ModelSource.Upstream(
          engine.baseUrl().orElseThrow().replaceAll("/+$", ""),
          engine.upstreamModel().orElse(name),
          engine.secretRef());
    }
    return spec.source()
        .<ModelSource>map(source ->
            new ModelSource.Remote(
                source.uri(), source.revision(), source.sha256(), source.secretRef()))
        .orElseGet(() -> new ModelSource.LocalPath(located.apply(spec.modelPath().orElseThrow())));
  }

  private static EngineSpec engine(Optional<Engine> engine) {
    return new EngineSpec(
        engine.flatMap(Engine::name),
        engine.map(Engine::args).orElse(List.of()),
        engine.map(Engine::env).orElse(Map.of()),
        engine
            .flatMap(Engine::maxBatchSize)
            .orElse(
                engine.flatMap(Engine::baseUrl).isPresent()
                    ? Defaults.UPSTREAM_REQUESTS
                    : Defaults.MAX_BATCH_SIZE),
        whole(engine.flatMap(Engine::contextLength)));
  }

  private static Scaling scaling(ModelVersion.Spec spec) {
    if (spec.engine().flatMap(Engine::baseUrl).isPresent()) {
      // One agent stands for the server, however many machines that has.
      return new Scaling(1, 1, OptionalInt.of(1), Defaults.SCALE_TO_ZERO_AFTER);
    }
    int min = spec.minReplicas().orElse(Defaults.MIN_REPLICAS);
    boolean off =
        spec.autoscaling().flatMap(Autoscaling::mode).filter(mode -> mode == Mode.OFF).isPresent();
    return new Scaling(
        min,
        spec.maxReplicas().orElse(Defaults.maxReplicas(min)),
        whole(spec.replicas().or(() -> off ? Optional.of(min) : Optional.empty())),
        spec.autoscaling()
            .flatMap(Autoscaling::scaleToZeroAfter)
            .orElse(Defaults.SCALE_TO_ZERO_AFTER));
  }

  private static OptionalInt whole(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
