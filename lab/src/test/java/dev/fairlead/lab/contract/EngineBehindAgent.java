package dev.fairlead.lab.contract;

import static org.awaitility.Awaitility.await;

import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.EngineSpec;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentEvents;
import dev.fairlead.dataplane.agent.AgentOptions;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.agent.EnginePhase;
import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.catalogue.EngineDefinition;
import dev.fairlead.engines.catalogue.EngineLaunch;
import dev.fairlead.engines.catalogue.LaunchRequest;
import dev.fairlead.engines.process.ChildProcess;
import dev.fairlead.engines.process.LogRing;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Streamed;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// An engine's process, started with the catalogue's command, behind a real agent that is asked as
/// a gateway asks it. Used by one thread.
final class EngineBehindAgent implements AutoCloseable {
  static final int SLOTS = 2;
  static final int CONTEXT = 512;

  private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EventLoops loops = EventLoops.start(1, "agent");
  private final HttpClient client = new HttpClient(ClientOptions.defaults(), loops);
  private final LogRing log = new LogRing(500, 100_000);
  private final Agent agent;
  private final ChildProcess process;
  private final OpenAi gateway;

  EngineBehindAgent(List<String> program, Path model) {
    EngineCatalogue catalogue = EngineCatalogue.load();
    EngineDefinition engine = catalogue.engine("llama.cpp");
    agent =
        Agent.start(
            AgentOptions.of("replica", "boot", "tiny", SLOTS, Tokens.of(List.of(TOKEN))),
            new AgentRuntime(loops, client, InstantSource.system(), new Random(1)),
            new Silent());
    gateway = new OpenAi(URI.create("http://127.0.0.1:" + agent.port()), Optional.of(TOKEN));
    AtomicReference<Boolean> told = new AtomicReference<>(false);
    process =
        ChildProcess.start(
            launch(catalogue, program, model),
            log,
            line -> {
              OptionalInt port = engine.listeningPort(line);
              if (port.isPresent() && !told.getAndSet(true)) {
                agent.engineListening("127.0.0.1", port.getAsInt());
              }
            });
  }

  private static EngineLaunch launch(EngineCatalogue catalogue, List<String> program, Path model) {
    var artifact =
        new Artifact(
            model.toString(),
            Artifact.Format.GGUF,
            Artifact.Purpose.CHAT,
            "llama",
            0,
            1,
            8192,
            0,
            "");
    var spec =
        new EngineSpec(Optional.empty(), List.of(), Map.of(), SLOTS, OptionalInt.of(CONTEXT));
    return catalogue.command(new LaunchRequest(program, artifact, spec, 2));
  }

  EngineBehindAgent ready() {
    awaitState(AgentState::ready);
    return this;
  }

  void awaitState(Predicate<AgentState> wanted) {
    await("the agent's state; the engine said:\n" + String.join("\n", log.lines()))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(agent::state, wanted);
  }

  int readiness() {
    return gateway.get("/ready").status();
  }

  Answer whole(String path, String json) {
    return gateway.send(request(path, json, "whole"));
  }

  Streamed stream(String path, String json) {
    return gateway.stream(request(path, json, "events"));
  }

  private HttpRequest.Builder request(String path, String json, String answer) {
    return gateway
        .request(path)
        .header("content-type", "application/json")
        .header(LinkHeaders.ANSWER.toString(), answer)
        .header(LinkHeaders.USAGE.toString(), "asked")
        .header(LinkHeaders.MODEL.toString(), "asked-for")
        .header(LinkHeaders.REPLICA.toString(), "replica")
        .header(LinkHeaders.PROMPT_TOKENS.toString(), "20")
        .POST(BodyPublishers.ofString(json));
  }

  @Override
  public void close() {
    process.kill();
    var _ =
        process
            .onExit()
            .toCompletableFuture()
            .completeOnTimeout(null, PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
    agent.close();
    client.close();
    loops.close();
  }

  private static final class Silent implements AgentEvents {
    @Override
    public void phaseChanged(EnginePhase phase, String why) {}
  }
}
