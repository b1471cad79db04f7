package dev.fairlead.app.local;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.artifacts.ModelStore;
import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.inspect.MemoryEstimate;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.engines.EngineException;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.catalogue.EngineLaunch;
import dev.fairlead.engines.catalogue.LaunchRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Brings the files of versions, each on a virtual thread of its own, and says how far they are.
/// Safe for every thread.
final class Preparer {
  /// What may pass by itself is tried again after so long, so many times.
  private static final Duration RETRY = Duration.ofSeconds(30);

  private static final int MAX_TRIES = 20;
  private static final Set<ArtifactException.Category> PASSING =
      Set.of(ArtifactException.Category.NO_NETWORK, ArtifactException.Category.SERVER_FAILED);

  private final ModelStore models;
  private final EngineCatalogue catalogue;
  private final Journal journal;
  private final InstantSource clock;
  private final Runnable changed;
  private final Map<String, Preparation> states = new ConcurrentHashMap<>();
  private final Map<String, Retry> retries = new ConcurrentHashMap<>();

  private record Retry(int tries, Instant at) {}

  Preparer(
      ModelStore models,
      EngineCatalogue catalogue,
      Journal journal,
      InstantSource clock,
      Runnable changed) {
    this.models = models;
    this.catalogue = catalogue;
    this.journal = journal;
    this.clock = clock;
    this.changed = changed;
  }

  /// How far each version is. One whose failure may have passed is unknown again, so that the
  /// planner asks for it once more.
  Map<String, Preparation> states() {
    Instant now = clock.instant();
    Map<String, Preparation> seen = new HashMap<>(states);
    retries.forEach((version, retry) -> {
      if (retry.at().isBefore(now)) {
        seen.remove(version);
      }
    });
    return seen;
  }

  /// Begins to bring the version's files, unless somebody does already.
  void prepare(VersionSpec version) {
    Preparation begun = new Preparation.Running("looking for the files", 0, 0);
    Preparation before = states.get(version.name());
    if (before instanceof Preparation.Running || before instanceof Preparation.Prepared) {
      return;
    }
    states.put(version.name(), begun);
    Thread.ofVirtual()
        .name("prepare-" + version.name())
        .start(() -> bring(version, report(version), true));
  }

  private static long mebibytes(long bytes) {
    return Math.round(bytes / (double) (1 << 20));
  }

  /// Brings the files on the calling thread, showing `progress`; what became of it is the result, and
  /// a failure is the caller's to tell.
  Preparation prepareNow(VersionSpec version, Progress progress) {
    bring(version, progress, false);
    return states.getOrDefault(version.name(), new Preparation.Unknown());
  }

  /// Forgets a version that is gone.
  void forget(String version) {
    states.remove(version);
    retries.remove(version);
  }

  private void bring(VersionSpec version, Progress progress, boolean telling) {
    try {
      Artifact artifact = models.obtain(version.source(), progress);
      EngineLaunch launch =
          catalogue.command(new LaunchRequest(List.of("engine"), artifact, version.engine(), 1));
      long bytes =
          MemoryEstimate.of(artifact, launch.contextLength(), version.engine().maxBatchSize())
              .bytes();
      retries.remove(version.name());
      states.put(
          version.name(),
          new Preparation.Prepared(artifact, launch.engine(), launch.contextLength(), bytes));
      journal.note(
          new Note(
              Note.Severity.NORMAL,
              "Prepared",
              version.name(),
              "%s, %s, %,d MiB on disk, about %,d MiB in memory a replica"
                  .formatted(
                      artifact.format(),
                      artifact.architecture(),
                      mebibytes(artifact.bytes()),
                      mebibytes(bytes))));
    } catch (ArtifactException e) {
      Preparation.Unusable why = unusable(e.category(), e);
      failed(version, why, PASSING.contains(e.category()), telling);
    } catch (EngineException e) {
      failed(version, unusable(e.category(), e), false, telling);
    } catch (RuntimeException e) {
      Preparation.Unusable why =
          new Preparation.Unusable("Internal", "a defect of Fairlead: " + e);
      failed(version, why, false, telling);
    }
    changed.run();
  }

  private static Preparation.Unusable unusable(Enum<?> category, RuntimeException failure) {
    return new Preparation.Unusable(
        CamelCase.of(category), String.valueOf(failure.getMessage()));
  }

  private void failed(
      VersionSpec version, Preparation.Unusable why, boolean passing, boolean telling) {
    int tries = retries.getOrDefault(version.name(), new Retry(0, Instant.MIN)).tries() + 1;
    if (passing && tries < MAX_TRIES) {
      retries.put(version.name(), new Retry(tries, clock.instant().plus(RETRY)));
    } else {
      retries.remove(version.name());
    }
    states.put(version.name(), why);
    if (telling) {
      journal.note(new Note(Note.Severity.WARNING, why.reason(), version.name(), why.message()));
    }
  }

  private Progress report(VersionSpec version) {
    return new Progress() {
      private String label = "";
      private long total;

      @Override
      public void start(String name, long totalBytes) {
        label = name;
        total = Math.max(0, totalBytes);
        journal.note(new Note(Note.Severity.NORMAL, "Fetching", version.name(), name));
      }

      @Override
      public void advance(long bytesSoFar) {
        states.put(version.name(), new Preparation.Running(label, bytesSoFar, total));
      }

      @Override
      public void done() {
        changed.run();
      }
    };
  }
}
