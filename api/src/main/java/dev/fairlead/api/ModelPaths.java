package dev.fairlead.api;

import java.nio.file.Path;
import java.util.Optional;

/// Finds on this machine what a `modelPath` names.
final class ModelPaths {
  /// Where the claim with the models is mounted on Kubernetes.
  private static final Path MOUNT = Path.of("/models");

  private ModelPaths() {}

  /// The absolute path: one below the mount lies in `modelsDir` where the user gave one, a relative
  /// one starts at `base`, any other stays.
  static Path locate(String modelPath, Optional<Path> modelsDir, Path base) {
    Path path = base.resolve(modelPath).normalize();
    boolean absolute = Path.of(modelPath).isAbsolute();
    if (absolute && path.startsWith(MOUNT) && modelsDir.isPresent()) {
      return modelsDir.get().resolve(MOUNT.relativize(path)).normalize();
    }
    return path;
  }
}
