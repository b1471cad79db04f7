package dev.fairlead.engines.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.engines.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineCatalogueTest {
  private final EngineCatalogue catalogue = EngineCatalogue.load();

  @Test
  void aChatModelGetsContextForEverySequenceOfTheBatch() {
    var launch = launch(chat(8192), spec(4, OptionalInt.empty()), 2);

    assertThat(String.join(" ", launch.argv()))
        .isEqualTo(
            "/opt/llama-server -m /models/m.gguf --host 127.0.0.1 --port 0 -np 4 -c 16384 -t 2"
                + " --cache-ram 256 --metrics --no-webui -b 256 --cache-reuse 64");
    assertThat(launch.contextLength()).isEqualTo(4096);
    assertThat(launch.env()).containsEntry("OMP_WAIT_POLICY", "passive");
    assertThat(launch.engine()).isEqualTo("llama.cpp");
  }

  @Test
  void anEmbeddingInputOfFullLengthFitsIntoOnePhysicalBatch() {
    var artifact =
        new Artifact(
            "/models/e.gguf",
            Artifact.Format.GGUF,
            Artifact.Purpose.EMBEDDING,
            "bert",
            0,
            1,
            512,
            0,
            "");

    var line = String.join(" ", launch(artifact, spec(2, OptionalInt.empty()), 1).argv());

    assertThat(line).contains("-c 1024").endsWith("--embedding -b 512 -ub 512");
    assertThat(line).doesNotContain("--cache-reuse");
  }

  @Test
  void theContextIsTheUsersElseTheModelsElseTheCatalogues() {
    assertThat(launch(chat(2048), spec(1, OptionalInt.of(1000)), 1).contextLength())
        .isEqualTo(1000);
    assertThat(launch(chat(2048), spec(1, OptionalInt.empty()), 1).contextLength()).isEqualTo(2048);
    assertThat(launch(chat(0), spec(1, OptionalInt.empty()), 1).contextLength()).isEqualTo(4096);
  }

  @Test
  void theUsersArgumentsComeLastAndItsEnvironmentWins() {
    var spec =
        new EngineSpec(
            Optional.of("llama.cpp"),
            List.of("-b", "512"),
            Map.of("OMP_WAIT_POLICY", "active"),
            1,
            OptionalInt.empty());

    var launch = launch(chat(1024), spec, 1);

    assertThat(launch.argv()).endsWith("-b", "512");
    assertThat(launch.env()).containsEntry("OMP_WAIT_POLICY", "active");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--host",
        "--port",
        "--port=1",
        "-m",
        "--model",
        "--api-key",
        "-hf",
        "-np",
        "--ctx-size"
      })
  void anArgumentThatWouldTakeTheEngineOutOfSupervisionIsRefusedByName(String argument) {
    var spec =
        new EngineSpec(Optional.empty(), List.of(argument, "1"), Map.of(), 1, OptionalInt.empty());

    assertThatThrownBy(() -> launch(chat(1024), spec, 1))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith(argument.replace("=1", "") + " may not be passed to llama.cpp: ");
  }

  @Test
  void aRefusedFlagsMessageSaysWhatToSetInstead() {
    var spec =
        new EngineSpec(Optional.empty(), List.of("-np", "9"), Map.of(), 1, OptionalInt.empty());

    assertThatThrownBy(() -> launch(chat(1024), spec, 1))
        .hasMessage("-np may not be passed to llama.cpp: set engine.maxBatchSize instead");
  }

  @Test
  void aKeyInTheEnvironmentIsRefused() {
    var spec =
        new EngineSpec(
            Optional.empty(), List.of(), Map.of("LLAMA_API_KEY", "k"), 1, OptionalInt.empty());

    assertThatThrownBy(() -> launch(chat(1024), spec, 1))
        .hasMessageContaining("LLAMA_API_KEY")
        .hasMessageContaining("keys are checked by the gateway");
  }

  @Test
  void anUnknownEngineIsRefusedWithTheNamesThatExist() {
    var spec = new EngineSpec(Optional.of("vllm"), List.of(), Map.of(), 1, OptionalInt.empty());

    assertThatThrownBy(() -> launch(chat(1024), spec, 1))
        .hasMessage("There is no engine 'vllm'; set engine.name to one of: llama.cpp");
  }

  @Test
  void filesThatNoEngineOpensAreRefused() {
    var safetensors =
        new Artifact(
            "/models/m",
            Artifact.Format.SAFETENSORS,
            Artifact.Purpose.CHAT,
            "llama",
            0,
            1,
            1024,
            0,
            "");

    assertThatThrownBy(() -> launch(safetensors, spec(1, OptionalInt.empty()), 1))
        .hasMessageContaining("SAFETENSORS")
        .extracting(e -> ((EngineException) e).category())
        .isEqualTo(EngineException.Category.UNSUITABLE_MODEL);
  }

  @Test
  void thePortIsReadFromTheListeningLine() {
    var engine = catalogue.engine("llama.cpp");

    assertThat(
            engine.listeningPort(
                "0.00.380.943 I srv          init: listening on http://127.0.0.1:41521"))
        .hasValue(41521);
    assertThat(engine.listeningPort("0.00.380.942 I srv          init: model loaded")).isEmpty();
    assertThat(engine.listeningPort("server is listening on http://127.0.0.1:8080 - starting"))
        .hasValue(8080);
  }

  @Test
  void aPortThatAnotherLineRunsIntoIsNone() {
    var engine = catalogue.engine("llama.cpp");

    assertThat(engine.listeningPort("listening on http://127.0.0.1:329470.02.064.362 I slot"))
        .isEmpty();
    assertThat(engine.listeningPort("listening on http://127.0.0.1:99990.02.064.362 I slot"))
        .isEmpty();
  }

  private EngineLaunch launch(Artifact artifact, EngineSpec spec, int threads) {
    return catalogue.command(
        new LaunchRequest(List.of("/opt/llama-server"), artifact, spec, threads));
  }

  private static EngineSpec spec(int maxBatchSize, OptionalInt contextLength) {
    return new EngineSpec(Optional.empty(), List.of(), Map.of(), maxBatchSize, contextLength);
  }

  private static Artifact chat(int contextLength) {
    return new Artifact(
        "/models/m.gguf",
        Artifact.Format.GGUF,
        Artifact.Purpose.CHAT,
        "llama",
        0,
        1,
        contextLength,
        0,
        "");
  }
}
