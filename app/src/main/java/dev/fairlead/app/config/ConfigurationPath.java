package dev.fairlead.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Finds the configuration's file where the command line names none.
public final class ConfigurationPath {
  private ConfigurationPath() {}

  /// The file that `FAIRLEAD_CONFIG` names, there or not; else `fairlead/fairlead.yaml` in
  /// `XDG_CONFIG_HOME` or in `~/.config`, if it is there.
  public static Optional<Path> find(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("FAIRLEAD_CONFIG", "");
    if (!own.isEmpty()) {
      return Optional.of(Path.of(own));
    }
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path base = xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
    return Optional.of(base.resolve("fairlead").resolve("fairlead.yaml")).filter(Files::exists);
  }
}
