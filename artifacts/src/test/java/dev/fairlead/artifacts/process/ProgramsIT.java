package dev.fairlead.artifacts.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.failure.ArtifactException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder = Path.of("");

  @Test
  void aProgramIsFoundOnThePathOfItsEnvironmentOnly() throws Exception {
    FakePrograms fakes = new FakePrograms(folder.resolve("bin")).with("tool", "true");
    Files.writeString(fakes.path("plain-file"), "");

    assertThat(fakes.programs().find("tool")).hasValue(fakes.path("tool"));
    assertThat(fakes.programs().find("plain-file")).isEmpty();
    assertThat(fakes.programs().find("sh")).isEmpty();
  }

  @Test
  void bothStreamsAndTheExitCodeComeBack() {
    FakePrograms fakes =
        new FakePrograms(folder).with("tool", "echo out $EXTRA; echo err >&2; exit 3");

    Programs.Result result =
        fakes
            .programs()
            .run(List.of(fakes.path("tool").toString()), Map.of("EXTRA", "more"), LIMIT);

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).isEqualTo("out more\nerr\n");
    assertThat(result.lastLines(1)).isEqualTo("err");
  }

  @Test
  void aProgramThatDoesNotEndIsStopped() {
    FakePrograms fakes = new FakePrograms(folder).with("tool", "sleep 1000");
    List<String> command = List.of(fakes.path("tool").toString());

    assertThatThrownBy(() -> fakes.programs().run(command, Map.of(), Duration.ofMillis(200)))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("did not end");
  }
}
