package dev.fairlead.engines.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.catalogue.LaunchRequest;
import dev.fairlead.engines.process.ChildExit;
import dev.fairlead.engines.process.ChildProcess;
import dev.fairlead.engines.process.FailureCause;
import dev.fairlead.engines.process.LogRing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The fake as a child process, started with the command that the catalogue makes for llama-server.
class FakeProgramIT {
  private final EngineCatalogue catalogue = EngineCatalogue.load();
  private LogRing log = new LogRing(100, 100_000);
  private final List<ChildProcess> started = new ArrayList<>();
  private CompletableFuture<Integer> port = new CompletableFuture<>();

  @AfterEach
  void stop() throws Exception {
    for (var child : started) {
      child.kill();
      exitOf(child);
    }
  }

  @Test
  void itTakesTheCataloguesArgumentsAndTellsItsPort() throws Exception {
    for (var purpose : List.of(Artifact.Purpose.CHAT, Artifact.Purpose.EMBEDDING)) {
      var child = start(purpose, List.of());
      assertThat(client().get("/health").status()).isEqualTo(200);
      child.kill();
      exitOf(child);
    }
  }

  @Test
  void sigtermEndsItAtOnceAndCutsItsStreams() throws Exception {
    var child = start(Artifact.Purpose.CHAT, List.of());
    try (var client = client()) {
      client.send("/v1/chat/completions", ask("fake:slow rate=1"));

      var exit = child.stop(Duration.ofMinutes(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);

      assertThat(exit.code()).isZero();
      assertThatThrownBy(client::receive).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aCrashInMidStreamIsASegmentationFault() throws Exception {
    var child = start(Artifact.Purpose.CHAT, List.of());

    assertThatThrownBy(() -> client().post("/v1/chat/completions", ask("fake:crash after=1")))
        .isInstanceOf(IOException.class);

    assertThat(FailureCause.of(exitOf(child), log.lines()).message()).contains("SIGSEGV");
  }

  @Test
  void itFailsToStartInTheEnginesWords() throws Exception {
    assertThat(causeOf(List.of("--no-such-flag")).kind()).isEqualTo(FailureCause.Kind.BAD_ARGUMENT);
    assertThat(causeOf(List.of("--fake-exit", "E x: unknown model architecture: 'zebra'")).kind())
        .isEqualTo(FailureCause.Kind.UNKNOWN_ARCHITECTURE);
  }

  private FailureCause causeOf(List<String> arguments) throws Exception {
    var ring = new LogRing(100, 100_000);
    var child = launch(Artifact.Purpose.CHAT, arguments, ring);
    return FailureCause.of(exitOf(child), ring.lines());
  }

  private ChildProcess start(Artifact.Purpose purpose, List<String> arguments) {
    log = new LogRing(100, 100_000);
    return launch(purpose, arguments, log);
  }

  private ChildProcess launch(Artifact.Purpose purpose, List<String> arguments, LogRing ring) {
    var artifact =
        new Artifact("/models/m.gguf", Artifact.Format.GGUF, purpose, "llama", 0, 1, 512, 0, "");
    var spec = new EngineSpec(Optional.empty(), arguments, Map.of(), 2, OptionalInt.empty());
    var program =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FakeEngine.class.getName());
    var engine = catalogue.engine("llama.cpp");
    var told = new CompletableFuture<Integer>();
    port = told;
    var child =
        ChildProcess.start(
            catalogue.command(new LaunchRequest(program, artifact, spec, 1)),
            ring,
            line -> engine.listeningPort(line).ifPresent(told::complete));
    started.add(child);
    return child;
  }

  private RawClient client() throws Exception {
    return new RawClient(port.get(10, TimeUnit.SECONDS));
  }

  private static String ask(String message) {
    return "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(message);
  }

  private static ChildExit exitOf(ChildProcess child) throws Exception {
    return child.onExit().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
