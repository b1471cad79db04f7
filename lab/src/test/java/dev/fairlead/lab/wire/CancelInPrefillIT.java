package dev.fairlead.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.catalogue.EngineDefinition;
import dev.fairlead.engines.catalogue.LaunchRequest;
import dev.fairlead.engines.process.ChildProcess;
import dev.fairlead.engines.process.LogRing;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.OpenAi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A client that leaves while its prompt is read stops the reading, and nothing is generated: shown
/// by the engine's own counters. llama.cpp reads on to the end of the batch, 256 tokens.
class CancelInPrefillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int CONTEXT = 8_192;
  private static final int PROMPT = 5_000;
  private static final int ANSWER = 4;

  enum Kind {
    REAL,
    FAKE;

    List<String> program() {
      return switch (this) {
        case REAL -> Ingredients.engine();
        case FAKE -> Ingredients.fakeEngine("--fake-prefill-ms", "10");
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesInPrefillStopsTheEngineBeforeTheFirstToken(Kind kind) throws Exception {
    try (var engine = new EngineProcess(kind.program());
        var fleet =
            new Fleet(
                    Fleet.Patience.usual(),
                    ServerOptions.of("127.0.0.1", 0),
                    List.of(new Fleet.Backend(engine.port(), 1, () -> {})),
                    false)
                .ready()) {
      long read = engine.counter("prompt_tokens_total");
      long generated = engine.counter("tokens_predicted_total");

      try (Raw client = new Raw(fleet.port())) {
        client.say(request(PROMPT));
        await("the engine reads the prompt").atMost(PATIENCE).until(engine::busy);
      }

      await().until(() -> fleet.settled.size() == 1);
      assertThat(fleet.settled.getFirst().outcome()).isEqualTo("cancelled");
      assertThat(fleet.demand().inFlight()).isZero();
      // The one slot is free when this is answered. Asking the engine meanwhile would keep it from
      // looking whether its client is still there, which it does after a second without any result.
      try (Raw client = new Raw(fleet.port())) {
        assertThat(Raw.statuses(client.say(request(5)).rest())).containsExactly(200);
      }
      assertThat(engine.counter("prompt_tokens_total"))
          .as("tokens of prompts that were read")
          .isBetween(read + 1, read + PROMPT / 2);
      assertThat(engine.counter("tokens_predicted_total"))
          .as("tokens that were generated")
          .isBetween(generated + 1, generated + ANSWER);
    }
  }

  private static String request(int words) {
    String body =
        Payload.BODY
            .replace("Hi", "Tell me of ship %d. ".formatted(words) + "sea ".repeat(words))
            .replace("\"stream\"", "\"max_tokens\":%d,\"stream\"".formatted(ANSWER));
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  /// An engine with one slot, started as the catalogue says.
  private static final class EngineProcess implements AutoCloseable {
    private final ChildProcess process;
    private final int port;
    private final OpenAi api;

    EngineProcess(List<String> program) {
      EngineCatalogue catalogue = EngineCatalogue.load();
      EngineDefinition engine = catalogue.engine("llama.cpp");
      Path model = Ingredients.model();
      var artifact =
          new Artifact(
              model.toString(),
              Artifact.Format.GGUF,
              Artifact.Purpose.CHAT,
              "llama",
              0,
              1,
              CONTEXT,
              0,
              "");
      var spec = new EngineSpec(Optional.empty(), List.of(), Map.of(), 1, OptionalInt.of(CONTEXT));
      var listening = new CompletableFuture<Integer>();
      process =
          ChildProcess.start(
              catalogue.command(new LaunchRequest(program, artifact, spec, 2)),
              new LogRing(500, 100_000),
              line -> engine.listeningPort(line).ifPresent(listening::complete));
      port = listening.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      api = new OpenAi(URI.create("http://127.0.0.1:" + port), Optional.empty());
    }

    int port() {
      return port;
    }

    boolean busy() {
      return api.get("/slots").json().get(0).path("is_processing").asBoolean();
    }

    long counter(String name) {
      return api.get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith("llamacpp:" + name + " "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() throws IOException {
      process.kill();
      var _ = process.onExit().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
  }
}
