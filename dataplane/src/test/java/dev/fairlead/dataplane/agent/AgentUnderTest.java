package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.link.AgentState;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// An agent with a scripted engine. Its end checks that every permit came back and no call to the
/// engine is open.
final class AgentUnderTest implements AutoCloseable {
  static final String REPLICA = "replica-1";
  static final Duration DEADLINE = Duration.ofSeconds(10);

  final ScriptedEngine engine = new ScriptedEngine();
  final List<String> events = new CopyOnWriteArrayList<>();
  final Agent agent;
  private final EventLoops loops = EventLoops.start(1, "agent-test");
  private final HttpClient client = new HttpClient(ClientOptions.defaults(), loops);

  AgentUnderTest(int slots) throws IOException {
    this(slots, UnaryOperator.identity());
  }

  AgentUnderTest(int slots, UnaryOperator<AgentOptions> change) throws IOException {
    AgentOptions options =
        AgentOptions.of(REPLICA, "boot-1", "tiny", slots, Tokens.of(List.of(RawGateway.TOKEN)))
            .withWarmUp(
                new WarmUp(
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5)));
    var runtime =
        new AgentRuntime(loops, client, InstantSource.system(), RandomGenerator.getDefault());
    agent = Agent.start(change.apply(options), runtime, new Recorder());
  }

  /// Brings the engine up and waits until requests are taken.
  AgentUnderTest ready() {
    agent.engineListening("127.0.0.1", engine.port());
    awaitState(AgentState::ready);
    return this;
  }

  int port() {
    return agent.port();
  }

  void awaitState(Predicate<AgentState> condition) {
    await().atMost(DEADLINE).until(agent::state, condition);
  }

  /// Waits until so many requests run and wait.
  void awaitLoad(int running, int waiting) {
    awaitState(state -> state.running() == running && state.waiting() == waiting);
  }

  @Override
  public void close() throws IOException {
    try {
      awaitLoad(0, 0);
      await().atMost(DEADLINE).until(() -> client.openCalls() == 0);
      assertThat(agent.state().queuedPrefillTokens()).isZero();
      assertThat(engine.unread()).isZero();
    } finally {
      agent.close();
      client.close();
      engine.close();
      loops.close();
    }
  }

  private final class Recorder implements AgentEvents {
    @Override
    public void phaseChanged(EnginePhase phase, String why) {
      events.add(phase.name());
    }

    @Override
    public void warmUpFailed(String why) {
      events.add("warm-up failed: " + why);
      throw new IllegalStateException("a listener that fails, which must not stop the watch");
    }

    @Override
    public void drained() {
      events.add("drained");
    }
  }
}
