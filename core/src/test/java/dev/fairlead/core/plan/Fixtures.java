package dev.fairlead.core.plan;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.model.Scaling;
import dev.fairlead.core.model.VersionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Models, versions and files for the planner's tests.
final class Fixtures {
  static final long GIB = 1L << 30;
  static final int BATCH = 4;

  private Fixtures() {}

  static ModelSpec model(String name, String version) {
    return new ModelSpec(name, name, List.of(), version);
  }

  static Scaling scaling(int min, int max) {
    return new Scaling(min, max, OptionalInt.empty(), Duration.ofSeconds(60));
  }

  static Scaling pinned(int count) {
    return new Scaling(1, 1, OptionalInt.of(count), Duration.ofSeconds(60));
  }

  static VersionSpec version(String name, Scaling scaling) {
    return new VersionSpec(
        name,
        name,
        new ModelSource.LocalPath("/models/" + name + ".gguf"),
        new EngineSpec(Optional.empty(), List.of(), Map.of(), BATCH, OptionalInt.empty()),
        scaling,
        Duration.ofSeconds(45),
        Duration.ofMinutes(10));
  }

  static Preparation.Prepared prepared(long replicaBytes) {
    return new Preparation.Prepared(
        new Artifact(
            "/models/x.gguf",
            Artifact.Format.GGUF,
            Artifact.Purpose.CHAT,
            "llama",
            1_000_000,
            replicaBytes / 2,
            8192,
            1024,
            ""),
        "llama.cpp",
        4096,
        replicaBytes);
  }
}
