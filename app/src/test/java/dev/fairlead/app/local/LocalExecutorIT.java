package dev.fairlead.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.plan.Action;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Starts that fail before there is a replica.
final class LocalExecutorIT {
  private final EventLoops loops = EventLoops.start(1, "executor-test");
  private final HttpClient client = new HttpClient(ClientOptions.defaults(), loops);
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InstantSource clock = () -> now;
  private final Journal journal = new Journal(clock);
  private Optional<String> missing = Optional.empty();
  private final LocalExecutor executor =
      new LocalExecutor(
          new LocalExecutor.Machinery(
              new AgentRuntime(loops, client, clock, new Random(1)),
              "token",
              EngineCatalogue.load(),
              this::program,
              new Secrets(Optional.empty())),
          new LocalReplica.Parts(journal, clock, new Random(1), timer, () -> {}),
          new Preparer((_, _) -> artifact(), EngineCatalogue.load(), journal, clock, () -> {}));

  @AfterEach
  void stop() {
    executor.killAll();
    timer.shutdownNow();
    client.close();
    loops.close();
  }

  private List<String> program() {
    if (missing.isPresent()) {
      throw new IllegalStateException(missing.get());
    }
    return List.of("/bin/true");
  }

  private void start() {
    executor.apply(
        new Action.Start(
            Versions.ofAFile(),
            new Preparation.Prepared(artifact(), "llama.cpp", 2_048, 1 << 20),
            1,
            0));
  }

  private List<Note> failures() {
    return journal.events().stream()
        .map(event -> event.note())
        .filter(note -> note.reason().equals("StartFailed"))
        .toList();
  }

  @Test
  void theSameFailureIsOneEventHoweverOftenItIsTriedAgain() {
    missing = Optional.of("there is no engine");
    start();
    start();
    start();

    assertThat(executor.replicas()).isEmpty();
    assertThat(failures())
        .containsExactly(
            new Note(
                Note.Severity.WARNING,
                "StartFailed",
                "v",
                "no replica could be started: there is no engine; it is tried again and again"));
    assertThat(journal.events()).hasSize(1);
  }

  @Test
  void anotherFailureAndOneAfterASuccessAreToldAgain() {
    missing = Optional.of("there is no engine");
    start();
    missing = Optional.of("its disk is full");
    start();
    missing = Optional.empty();
    start();
    missing = Optional.of("its disk is full");
    start();

    assertThat(failures())
        .extracting(Note::message)
        .satisfiesExactly(
            first -> assertThat(first).contains("there is no engine"),
            second -> assertThat(second).contains("its disk is full"),
            third -> assertThat(third).contains("its disk is full"));
  }

  @Test
  void theSameFailureAfterAQuietWhileIsToldAgain() {
    missing = Optional.of("there is no engine");
    start();
    now = now.plus(Duration.ofMinutes(9));
    start();
    now = now.plus(Duration.ofMinutes(11));
    start();

    assertThat(failures()).hasSize(2);
  }

  private static Artifact artifact() {
    return new Artifact(
        "/models/a.gguf",
        Artifact.Format.GGUF,
        Artifact.Purpose.CHAT,
        "llama",
        1 << 20,
        1 << 20,
        2_048,
        0,
        "");
  }
}
