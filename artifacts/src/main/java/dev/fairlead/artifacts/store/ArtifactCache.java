package dev.fairlead.artifacts.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;

/// The layout of the folder that keeps what was fetched or built: `models/`, `engines/`, and
/// `downloads/` for what is on its way. Everything in it can be deleted while nothing runs.
public record ArtifactCache(Path root) {
  public ArtifactCache {
    root = requireNonNull(root, "root is null").toAbsolutePath().normalize();
  }

  /// The folder that `FAIRLEAD_CACHE` names, else `fairlead` in `XDG_CACHE_HOME`, else in the
  /// user's `.cache`. A blank variable counts as none.
  public ArtifactCache(Map<String, String> environment) {
    this(rootOf(environment));
  }

  public Path models() {
    return root.resolve("models");
  }

  public Path engines() {
    return root.resolve("engines");
  }

  public Path downloads() {
    return root.resolve("downloads");
  }

  private static Path rootOf(Map<String, String> environment) {
    String own = environment.getOrDefault("FAIRLEAD_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification: a relative path there is to be ignored.
    if (!shared.isBlank() && Path.of(shared).isAbsolute()) {
      return Path.of(shared, "fairlead");
    }
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".cache", "fairlead");
  }
}
