package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "resources.md");

  @Test
  void thePageSaysWhatTheVocabularySays() throws IOException {
    if (Boolean.getBoolean("fairlead.regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, ReferencePage.markdown());
    }
    assertThat(Files.readString(PAGE))
        .as(
            "write the page anew: mvn -pl api -am package -Dtest=ReferencePageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfairlead.regenerate=true")
        .isEqualTo(ReferencePage.markdown());
  }
}
