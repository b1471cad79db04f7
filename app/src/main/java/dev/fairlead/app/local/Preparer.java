package dev.fairlead.app.local;

import dev.fairlead.app.journal.Journal;
import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.inspect.MemoryEstimate;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
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

/// Brings the files of versions, each on a virtual thread of its own, and says how far they are.
/// Safe for every thread.
final class Preparer {
  /// What may pass by itself is tried again after so long, so many times.
  private static final Duration RETRY = Duration.ofSeconds(30);

  private static final int MAX_TRIES = 20;

  /// An agent's share of this JVM, about.
  private static final long SERVER_REPLICA_BYTES = 1 << 20;

  private static final Set<ArtifactException.Category> PASSING =
      Set.of(ArtifactException.Category.NO_NETWORK, ArtifactException.Category.SERVER_FAILED);

  private final Source source;
  private final EngineCatalogue catalogue;
  private final Journal journal;
  private final InstantSource clock;
  private final Runnable changed;
  private final Map<String, Files> files = new HashMap<>();

  /// Brings files; blocks.
  @FunctionalInterface
  interface Source {
    Artifact obtain(ModelSource source, Progress progress);
  }

  /// What is known of one version's files. Whoever still brings the files of a version that was
  /// forgotten holds one that nobody looks at any more. Guarded by the preparer's lock.
  private static final class Files {
    private Preparation state = new Preparation.Unknown();
    private int tries;
    private Instant retryAt = Instant.MAX;

    /// Who asked tells a failure himself.
    private boolean quiet;
  }

  Preparer(
      Source source,
      EngineCatalogue catalogue,
      Journal journal,
      InstantSource clock,
      Runnable changed) {
    this.source = source;
    this.catalogue = catalogue;
    this.journal = journal;
    this.clock = clock;
    this.changed = changed;
  }

  /// How far each version is. One whose failure may have passed is unknown again, so that the
  /// planner asks for it once more.
  synchronized Map<String, Preparation> states() {
    Instant now = clock.instant();
    Map<String, Preparation> seen = new HashMap<>();
    files.forEach((version, known) -> {
      if (!known.retryAt.isBefore(now)) {
        seen.put(version, known.state);
      }
    });
    return seen;
  }

  /// Begins to bring the version's files, unless somebody does already.
  void prepare(VersionSpec version) {
    Files begun;
    synchronized (this) {
      begun = files.computeIfAbsent(version.name(), _ -> new Files());
      if (begun.state instanceof Preparation.Running
          || begun.state instanceof Preparation.Prepared) {
        return;
      }
      begun.state = new Preparation.Running("looking for the files", 0, 0);
      begun.retryAt = Instant.MAX;
    }
    Thread.ofVirtual()
        .name("prepare-" + version.name())
        .start(() -> bring(version, begun, report(version, begun)));
  }

  /// Brings the files on the calling thread, showing `progress`; what became of it is the result,
  /// and a failure is the caller's to tell.
  Preparation prepareNow(VersionSpec version, Progress progress) {
    Files begun;
    synchronized (this) {
      begun = files.computeIfAbsent(version.name(), _ -> new Files());
      begun.quiet = true;
    }
    bring(version, begun, progress);
    synchronized (this) {
      begun.quiet = false;
      return begun.state;
    }
  }

  /// Forgets a version that is gone, or whose name now stands for something else. What is still
  /// brought for it comes to nothing.
  synchronized void forget(String version) {
    files.remove(version);
  }

  private void bring(VersionSpec version, Files begun, Progress progress) {
    try {
      Artifact artifact = source.obtain(version.source(), progress);
      if (artifact.format() == Artifact.Format.UPSTREAM) {
        prepared(
            version, begun, new Preparation.Prepared(artifact, "openai", 0, SERVER_REPLICA_BYTES));
        changed.run();
        return;
      }
      EngineLaunch launch =
          catalogue.command(new LaunchRequest(List.of("engine"), artifact, version.engine(), 1));
      long bytes =
          MemoryEstimate.of(artifact, launch.contextLength(), version.engine().maxBatchSize())
              .bytes();
      prepared(
          version,
          begun,
          new Preparation.Prepared(artifact, launch.engine(), launch.contextLength(), bytes));
    } catch (ArtifactException e) {
      unusable(
          version,
          begun,
          CamelCase.of(e.category()),
          String.valueOf(e.getMessage()),
          PASSING.contains(e.category()));
    } catch (EngineException e) {
      unusable(version, begun, CamelCase.of(e.category()), String.valueOf(e.getMessage()), false);
    } catch (RuntimeException e) {
      unusable(version, begun, "Internal", "a defect of Fairlead: " + e, false);
    }
    changed.run();
  }

  private void prepared(VersionSpec version, Files begun, Preparation.Prepared prepared) {
    synchronized (this) {
      begun.state = prepared;
      begun.tries = 0;
      begun.retryAt = Instant.MAX;
    }
    Artifact artifact = prepared.artifact();
    note(
        version,
        begun,
        new Note(
            Note.Severity.NORMAL,
            "Prepared",
            version.name(),
            artifact.format() == Artifact.Format.UPSTREAM
                ? "served by %s".formatted(artifact.path())
                : "%s, %s, %,d MiB on disk, about %,d MiB in memory a replica"
                    .formatted(
                        artifact.format(),
                        artifact.architecture(),
                        mebibytes(artifact.bytes()),
                        mebibytes(prepared.replicaBytes()))));
  }

  private void unusable(
      VersionSpec version, Files begun, String reason, String message, boolean passing) {
    synchronized (this) {
      begun.state = new Preparation.Unusable(reason, message);
      begun.tries++;
      begun.retryAt =
          passing && begun.tries < MAX_TRIES ? clock.instant().plus(RETRY) : Instant.MAX;
    }
    note(version, begun, new Note(Note.Severity.WARNING, reason, version.name(), message));
  }

  private static long mebibytes(long bytes) {
    return Math.round(bytes / (double) (1 << 20));
  }

  private void note(VersionSpec version, Files begun, Note note) {
    boolean wanted;
    synchronized (this) {
      wanted =
          begun.equals(files.get(version.name()))
              && !(begun.quiet && note.severity() == Note.Severity.WARNING);
    }
    if (wanted) {
      journal.note(note);
    }
  }

  private Progress report(VersionSpec version, Files begun) {
    return new Progress() {
      private String label = "";
      private long total;

      @Override
      public void start(String name, long totalBytes) {
        label = name;
        total = Math.max(0, totalBytes);
        note(version, begun, new Note(Note.Severity.NORMAL, "Fetching", version.name(), name));
      }

      @Override
      public void advance(long bytesSoFar) {
        synchronized (Preparer.this) {
          begun.state = new Preparation.Running(label, bytesSoFar, total);
        }
      }

      @Override
      public void done() {
        changed.run();
      }
    };
  }
}
