package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Artifact.Purpose;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final WarmUp warmUp = WarmUp.defaults();

  @Test
  void pausesDoubleUpToTheLast() {
    assertThat(warmUp.pause(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(warmUp.pause(2)).isEqualTo(Duration.ofMillis(200));
    assertThat(warmUp.pause(4)).isEqualTo(Duration.ofMillis(800));
    assertThat(warmUp.pause(5)).isEqualTo(Duration.ofSeconds(1));
    assertThat(warmUp.pause(1_000_000)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void pausesThatShrinkAreRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new WarmUp(second, Duration.ofMillis(1), second, second))
        .hasMessageContaining("shorter");
  }

  @Test
  void aChatModelIsAskedForOneToken() {
    assertThat(WarmUpBody.of(Purpose.CHAT, "m\"x"))
        .isEqualTo("{\"model\":\"m\\\"x\",\"prompt\":\"Hi\",\"max_tokens\":1}");
  }

  @Test
  void anEmbeddingModelIsAskedForOneVector() {
    assertThat(WarmUpBody.of(Purpose.EMBEDDING, "m"))
        .isEqualTo("{\"model\":\"m\",\"input\":\"Hi\"}");
  }
}
