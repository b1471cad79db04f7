package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationPathTest {
  @TempDir private Path home;

  @Test
  void withoutAFileThereIsNoConfiguration() {
    assertThat(ConfigurationPath.find(Map.of(), home)).isEmpty();
  }

  @Test
  void theUsersOwnFileIsFound() throws IOException {
    Path file = home.resolve(".config/fairlead/fairlead.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");

    assertThat(ConfigurationPath.find(Map.of(), home)).contains(file);
    assertThat(ConfigurationPath.find(Map.of("XDG_CONFIG_HOME", home.toString()), home)).isEmpty();
  }

  @Test
  void aFileThatTheEnvironmentNamesMustBeThere() {
    assertThat(ConfigurationPath.find(Map.of("FAIRLEAD_CONFIG", "/etc/nowhere.yaml"), home))
        .contains(Path.of("/etc/nowhere.yaml"));
  }
}
