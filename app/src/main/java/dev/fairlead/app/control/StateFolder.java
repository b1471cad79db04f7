package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// The folder where a user's Fairlead remembers what is not a model: who runs, and the key's
/// digest. What is written there is the user's alone. Immutable; safe for every thread.
public final class StateFolder {
  private final Path path;

  private StateFolder(Path path) {
    this.path = path;
  }

  /// `FAIRLEAD_STATE`, else `XDG_STATE_HOME/fairlead`, else `~/.local/state/fairlead`.
  public static StateFolder of(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("FAIRLEAD_STATE", "");
    if (!own.isEmpty()) {
      return new StateFolder(Path.of(own).toAbsolutePath());
    }
    String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base = xdg.isEmpty() ? home.resolve(".local").resolve("state") : Path.of(xdg);
    return new StateFolder(base.resolve("fairlead").toAbsolutePath());
  }

  /// Where it is. It may not exist yet.
  public Path path() {
    return path;
  }

  /// Writes a file that only the user may read, whole or not at all.
  ///
  /// @throws UncheckedIOException when the folder cannot be written
  void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IllegalArgumentException("file has no folder: " + file);
      }
      Files.createDirectories(folder, permissions(folder, "rwx------"));
      Path half = Files.createTempFile(folder, ".", ".tmp", permissions(folder, "rw-------"));
      try {
        Files.write(half, text.getBytes(UTF_8));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s: %s; set FAIRLEAD_STATE to a folder that can be written"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static FileAttribute<?>[] permissions(Path folder, String mode) {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
    };
  }
}
