package dev.fairlead.artifacts.store;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Remembers the digest of a file of the cache beside it, with the size and the time of change that
/// the file had then, so that "there and verified" costs no reading of gigabytes. The marker is
/// `.NAME.sha256`: digest, size, and milliseconds since the epoch, one a line.
public final class DigestMarker {
  private DigestMarker() {}

  /// Records that the content of `file` is `sha256`.
  public static void write(Path file, String sha256) {
    try {
      Durable.write(marker(file), String.join("\n", sha256, state(file), ""));
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  /// The digest of `file`: as recorded while size and time agree, else computed and recorded anew.
  public static String digest(Path file) {
    try {
      Optional<String> recorded = recorded(file);
      if (recorded.isPresent()) {
        return recorded.get();
      }
      String sha256 = Sha256.of(file);
      write(file, sha256);
      return sha256;
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(marker(file));
  }

  private static Optional<String> recorded(Path file) throws IOException {
    if (!Files.exists(marker(file))) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(marker(file));
    boolean same = lines.size() == 3 && String.join("\n", lines.subList(1, 3)).equals(state(file));
    return same ? Optional.of(lines.getFirst()) : Optional.empty();
  }

  private static String state(Path file) throws IOException {
    return Files.size(file) + "\n" + Files.getLastModifiedTime(file).toMillis();
  }

  private static Path marker(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".sha256");
  }

  private static ArtifactException unreadable(Path file, IOException failure) {
    return new ArtifactException(
        Category.IO,
        "cannot check %s: %s; make its folder readable and writable".formatted(file, failure),
        failure);
  }
}
