package dev.fairlead.app.local;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class PreparerTest {
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  private final Journal journal = new Journal(clock);
  private final Preparer preparer =
      new Preparer(this::obtain, EngineCatalogue.load(), journal, clock, () -> {});

  /// One fetch, held until the test lets it go on.
  private static final class Gate {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile Optional<ArtifactException> failure = Optional.empty();
  }

  @Test
  void whatIsStillFetchedForADeletedVersionIsNotTakenForANewOneOfItsName() throws Exception {
    VersionSpec old = Versions.ofFile("old.gguf");
    VersionSpec anew = Versions.ofFile("new.gguf");
    preparer.prepare(old);
    gate("old.gguf").begun.await(5, SECONDS);

    preparer.forget(old.name());
    preparer.prepare(anew);
    gate("new.gguf").begun.await(5, SECONDS);
    gate("new.gguf").opened.countDown();
    await().atMost(Duration.ofSeconds(5)).until(() -> state() instanceof Preparation.Prepared);
    gate("old.gguf").opened.countDown();

    await()
        .during(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            state() instanceof Preparation.Prepared prepared
                && prepared.artifact().path().endsWith("new.gguf"));
    assertThat(journal.events()).hasSize(1);
  }

  @Test
  void aForgottenVersionStaysForgottenWhenItsFetchEnds() throws Exception {
    preparer.prepare(Versions.ofFile("a.gguf"));
    gate("a.gguf").begun.await(5, SECONDS);
    preparer.forget("v");
    gate("a.gguf").opened.countDown();

    await()
        .during(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(5))
        .until(() -> preparer.states().isEmpty());
  }

  @Test
  void aFetchThatIsTriedAgainShowsHowFarItIs() throws Exception {
    Gate first = gate("a.gguf");
    first.failure =
        Optional.of(new ArtifactException(ArtifactException.Category.NO_NETWORK, "no network"));
    first.opened.countDown();
    preparer.prepare(Versions.ofFile("a.gguf"));
    await().atMost(Duration.ofSeconds(5)).until(() -> state() instanceof Preparation.Unusable);

    now = now.plusSeconds(31);
    assertThat(state()).as("to be tried again").isInstanceOf(Preparation.Unknown.class);
    gates.put("a.gguf", new Gate());
    preparer.prepare(Versions.ofFile("a.gguf"));
    gate("a.gguf").begun.await(5, SECONDS);

    assertThat(state()).isInstanceOf(Preparation.Running.class);
    gate("a.gguf").opened.countDown();
    await().atMost(Duration.ofSeconds(5)).until(() -> state() instanceof Preparation.Prepared);
  }

  private Preparation state() {
    return preparer.states().getOrDefault("v", new Preparation.Unknown());
  }

  private Gate gate(String file) {
    return gates.computeIfAbsent(file, _ -> new Gate());
  }

  private Artifact obtain(ModelSource source, Progress progress) {
    String path = source instanceof ModelSource.LocalPath(String local) ? local : "";
    Gate gate = gate(path.substring(path.lastIndexOf('/') + 1));
    gate.begun.countDown();
    try {
      if (!gate.opened.await(10, SECONDS)) {
        throw new IllegalStateException("the test forgot " + path);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    gate.failure.ifPresent(failure -> {
      throw failure;
    });
    return new Artifact(
        path, Artifact.Format.GGUF, Artifact.Purpose.CHAT, "llama", 1_000, 1_000, 2_048, 100, "");
  }
}
