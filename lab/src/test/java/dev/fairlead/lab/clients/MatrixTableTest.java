package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Commands;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class MatrixTableTest {
  @Test
  void thePageShowsTheTableThatTheSuiteChecks() throws IOException {
    assertThat(Files.readString(Commands.root().resolve("docs/reference/clients.md")))
        .contains(MatrixTable.TEXT);
  }

  @Test
  void everySituationHasARow() {
    assertThat(new MatrixTable().column("openai-java")).containsOnlyKeys(Situation.values());
  }
}
