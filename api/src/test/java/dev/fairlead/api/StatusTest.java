package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Artifact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTest {
  private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private static Condition ready(Condition.Status status, String reason, Instant time) {
    return new Condition("Ready", status, reason, "", time);
  }

  @Test
  void theTimeMovesOnlyWhenTheStatusDoes() {
    List<Condition> old = List.of(ready(Condition.Status.FALSE, "Starting", EARLIER));
    assertThat(
            Conditions.merge(
                old, List.of(ready(Condition.Status.FALSE, "Loading", Instant.EPOCH)), NOW))
        .containsExactly(ready(Condition.Status.FALSE, "Loading", EARLIER));
    assertThat(
            Conditions.merge(
                old, List.of(ready(Condition.Status.TRUE, "Serving", Instant.EPOCH)), NOW))
        .containsExactly(ready(Condition.Status.TRUE, "Serving", NOW));
    assertThat(Conditions.merge(old, List.of(), NOW)).isEmpty();
  }

  @Test
  void aStatusIsPrintedBelowTheSpecAndSkippedWhenReadBack() {
    var artifact =
        new Artifact(
            "/m.gguf",
            Artifact.Format.GGUF,
            Artifact.Purpose.CHAT,
            "llama",
            134_515_008L,
            98_362_432L,
            8192,
            0,
            "");
    var status =
        new ModelVersionStatus(
            List.of(ready(Condition.Status.TRUE, "Serving", NOW)),
            1,
            1,
            2,
            Optional.of(ArtifactStatus.of(artifact)));
    var version =
        new ModelVersion(
            Metadata.named("a"), Resources.demoModel().spec().template().orElseThrow());
    String yaml = ResourceWriter.yaml(version, Optional.of(status));
    assertThat(yaml)
        .endsWith(
            """
            status:
              conditions:
                - type: Ready
                  status: "True"
                  reason: Serving
                  message: ""
                  lastTransitionTime: "2026-01-02T00:00:00Z"
              replicas: 1
              readyReplicas: 1
              desiredReplicas: 2
              artifact:
                format: gguf
                architecture: llama
                parameters: 134515008
                bytes: 98362432
                contextLength: 8192
            """);
    assertThat(ResourceParser.parse(yaml, "f").resources()).isEqualTo(List.of(version));
  }

  @Test
  void aModelsStatusNamesItsVersion() {
    var status = new ModelStatus(List.of(), Optional.of("a-1"), Optional.of("org/a"), List.of("b"));
    assertThat(ResourceWriter.tree(Resources.demoModel(), Optional.of(status)).at("/status"))
        .hasToString("{\"activeVersion\":\"a-1\",\"servedName\":\"org/a\",\"aliases\":[\"b\"]}");
  }
}
