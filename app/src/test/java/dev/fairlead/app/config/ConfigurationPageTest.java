package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "configuration.md");

  @Test
  void thePageSaysWhatTheOptionsSay() throws IOException {
    String page = ConfigurationPage.markdown();
    if (Boolean.getBoolean("fairlead.regenerate")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "write the page anew: mvn -pl app -am package -Dtest=ConfigurationPageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfairlead.regenerate=true")
        .isEqualTo(page);
  }
}
