package dev.fairlead.artifacts.fetch;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.DigestMarker;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.artifacts.store.Durable;
import dev.fairlead.artifacts.store.PathLock;
import dev.fairlead.artifacts.store.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Brings wheels and source distributions out of the Python package index. The user's pip says
/// where the file is (so no index is named here, and mirrors are honoured) and with which digest;
/// {@link Download} brings it, with progress and resume. Where Java cannot get it, because of a
/// company's certificates, a proxy or credentials that only pip knows, pip brings it and the digest
/// is checked here. Safe for concurrent use; blocks.
public final class PythonPackage {
  /// Which file of a package is meant.
  public enum Form {
    WHEEL,
    SOURCE;

    String option(PackagePin pin) {
      return switch (this) {
        case WHEEL -> "--only-binary=:all:";
        // Not ":all:", which would have pip compile its own build tools.
        case SOURCE -> "--no-binary=" + pin.name();
      };
    }
  }

  /// Where a package's file is; the digest is absent where the index gives none.
  public record Resolved(URI uri, Optional<String> sha256) {
    public Resolved {
      requireNonNull(uri, "uri is null");
      requireNonNull(sha256, "sha256 is null");
    }

    String fileName() {
      String path = uri.getPath() == null ? "" : uri.getPath();
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  private static final Set<Category> PIP_MAY_DO_BETTER =
      Set.of(Category.NO_NETWORK, Category.UNTRUSTED, Category.REFUSED, Category.UNSUPPORTED);

  private final Pip pip;
  private final Download download;

  public PythonPackage(Programs programs, Download download) {
    this.pip = new Pip(programs);
    this.download = requireNonNull(download, "download is null");
  }

  /// Brings the file of `pin` into `folder` and answers its path. The failures are those of {@link
  /// Download}, and `MISSING` without Python or pip, `NOT_FOUND` where the index has nothing for
  /// this machine.
  public Path fetch(PackagePin pin, Form form, Path folder, Progress progress) {
    Optional<Resolved> resolved = pip.resolve(pin, form);
    if (resolved.isEmpty()) {
      return throughPip(pin, form, folder, progress, Optional.empty());
    }
    Resolved known = resolved.get();
    try {
      Path target = folder.resolve(checkedName(pin, known.fileName()));
      var _ = download.fetch(new Download.Request(known.uri(), target, known.sha256()), progress);
      return target;
    } catch (ArtifactException failure) {
      if (!PIP_MAY_DO_BETTER.contains(failure.category())) {
        throw failure;
      }
      return throughPip(pin, form, folder, progress, known.sha256());
    }
  }

  private Path throughPip(
      PackagePin pin, Form form, Path folder, Progress progress, Optional<String> sha256) {
    Path fresh = folder.resolve("." + pin + ".pip");
    try (PathLock _ = PathLock.acquire(fresh)) {
      Durable.deleteTree(fresh);
      Files.createDirectories(fresh);
      progress.start(pin + " (through pip)", -1);
      try {
        pip.download(pin, form, fresh);
        return keep(pin, only(pin, fresh), folder, sha256);
      } finally {
        progress.done();
        Durable.deleteTree(fresh);
      }
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot save " + pin, folder);
    }
  }

  private static Path keep(PackagePin pin, Path file, Path folder, Optional<String> sha256)
      throws IOException {
    String actual = Sha256.of(file);
    if (sha256.isPresent() && !sha256.get().equals(actual)) {
      throw new ArtifactException(
          Category.CHECKSUM_MISMATCH,
          "%s is not what the index lists: sha256 expected %s, got %s; it was removed. Check the mirror that pip uses"
              .formatted(pin, sha256.get(), actual));
    }
    Path target = folder.resolve(checkedName(pin, String.valueOf(file.getFileName())));
    Durable.publish(file, target);
    DigestMarker.write(target, actual);
    return target;
  }

  private static Path only(PackagePin pin, Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      if (all.size() == 1) {
        return all.getFirst();
      }
      throw new ArtifactException(
          Category.PROGRAM_FAILED,
          "pip brought %d files for %s; update pip: python3 -m pip install --upgrade pip"
              .formatted(all.size(), pin));
    }
  }

  private static String checkedName(PackagePin pin, String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._+!-]*")) {
      throw new ArtifactException(
          Category.REFUSED,
          "the index gives %s a file name that is none; check the mirror that pip uses"
              .formatted(pin));
    }
    return name;
  }
}
