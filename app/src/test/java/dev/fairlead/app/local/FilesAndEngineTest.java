package dev.fairlead.app.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.core.model.Artifact;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FilesAndEngineTest {
  private final AtomicInteger asked = new AtomicInteger();

  private Artifact obtain(Artifact.Format format) {
    Artifact files = artifact(format);
    var source =
        new FilesAndEngine(
            (_, _) -> files,
            () -> {
              asked.incrementAndGet();
              return List.of("llama-server");
            });
    return source.obtain(Versions.ofAFile().source(), Progress.SILENT);
  }

  private static Artifact artifact(Artifact.Format format) {
    return new Artifact("/m", format, Artifact.Purpose.CHAT, "llama", 1, 1, 2_048, 0, "");
  }

  @Test
  void filesAreNotReadyBeforeTheirEngineIs() {
    assertThat(obtain(Artifact.Format.GGUF)).isEqualTo(artifact(Artifact.Format.GGUF));
    assertThat(asked).hasValue(1);
  }

  @Test
  void aServerElsewhereNeedsNoEngine() {
    assertThat(obtain(Artifact.Format.UPSTREAM)).isEqualTo(artifact(Artifact.Format.UPSTREAM));
    assertThat(asked).hasValue(0);
  }

  @Test
  void anEngineThatCannotBeHadIsAFailureOfTheVersion() {
    var source =
        new FilesAndEngine(
            (_, _) -> artifact(Artifact.Format.GGUF),
            () -> {
              throw new IllegalStateException("no network");
            });

    assertThatThrownBy(() -> source.obtain(Versions.ofAFile().source(), Progress.SILENT))
        .hasMessage("no network");
  }
}
