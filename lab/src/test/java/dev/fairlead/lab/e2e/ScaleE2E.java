package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Streamed;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Fifty streams at once, from zero replicas to two and back.
class ScaleE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private static final int STREAMS = 50;

  @Test
  void fiftyStreamsAreAnsweredByReplicasThatComeAndGoWithReasons() {
    FairleadProcess fairlead =
        fairleads.up(
            Ingredients.model(
                "chat",
                Ingredients.model(),
                "minReplicas: 0",
                "maxReplicas: 2",
                "engine: {maxBatchSize: 4}",
                "autoscaling: {scaleToZeroAfter: 5s}"));
    Control control = fairlead.control();
    assertThat(control.replicaCount()).isZero();

    List<Streamed> streams =
        IntStream.range(0, STREAMS)
            .mapToObj(i -> fairlead.openAi().stream(Chat.story("chat", 16 + i % 8)))
            .toList();
    control.awaitReady(2);

    for (Streamed stream : streams) {
      assertThat(stream.awaitEnd().failure()).as("%s", stream).isEmpty();
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.error()).isEmpty();
      assertThat(stream.finishReason()).contains("length");
      assertThat(stream.done()).isTrue();
    }
    control.awaitReplicas(0);
    List<String> scalings =
        control.events().stream()
            .filter(event -> event.reason().equals("Scaled"))
            .map(Control.Event::message)
            .toList();
    assertThat(scalings.getFirst()).startsWith("0 → ").contains("in flight");
    assertThat(scalings).anyMatch(message -> message.contains("→ 2 replicas"));
    assertThat(scalings.getLast()).contains("→ 0 replicas").contains("no request for");
  }
}
