package dev.fairlead.app.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.dataplane.agent.Agent;
import dev.fairlead.dataplane.agent.AgentOptions;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.catalogue.EngineLaunch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocalReplicaIT {
  private final EventLoops loops = EventLoops.start(1, "replica-test");
  private final HttpClient client = new HttpClient(ClientOptions.defaults(), loops);
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Journal journal = new Journal(InstantSource.system());

  @AfterEach
  void stop() {
    timer.shutdownNow();
    client.close();
    loops.close();
  }

  @Test
  void anEngineThatCannotEvenBeStartedIsTriedAgainAfterAWhile() throws Exception {
    // No kernel takes an argument this long.
    LocalReplica replica = replica(List.of("/bin/true", "x".repeat(4 << 20)));

    replica.start();

    assertThat(replica.observe().phase())
        .isInstanceOfSatisfying(
            Replica.Phase.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo("StartFailed");
              assertThat(failed.permanent()).isFalse();
            });
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> replica.observe(),
            again -> again.restarts() >= 1 && again.phase() instanceof Replica.Phase.Failed);
    assertThat(journal.events())
        .anyMatch(event -> event.note().message().contains("started again"));
    replica.drain("the test is over");
    replica.ended().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aReplicaThatIsDrainedWhileItStartsEndsWithItsEngine() throws Exception {
    LocalReplica replica = replica(List.of("/bin/sleep", "600"));
    replica.start();
    long pid = replica.pid().orElseThrow();

    replica.drain("the test is over");

    replica.ended().get(10, TimeUnit.SECONDS);
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private LocalReplica replica(List<String> command) {
    VersionSpec version = Versions.ofAFile();
    AgentOptions options = AgentOptions.of("r", "r", "v", 1, Tokens.of(List.of("token")));
    AgentRuntime runtime = new AgentRuntime(loops, client, InstantSource.system(), new Random(1));
    return new LocalReplica(
        new LocalReplica.Parts(journal, InstantSource.system(), new Random(1), timer, () -> {}),
        "r",
        version,
        new LocalReplica.Program(
            EngineCatalogue.load().engine("llama.cpp"),
            new EngineLaunch("llama.cpp", command, Map.of(), 2_048),
            Duration.ofMinutes(1)),
        events -> Agent.start(options, runtime, events));
  }
}
