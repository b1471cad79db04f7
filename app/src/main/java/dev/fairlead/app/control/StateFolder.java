package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

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

  /// Makes the folder, for the user only, where it is not there yet.
  ///
  /// @throws UncheckedIOException when that fails
  public void make() {
    try {
      Files.createDirectories(path, permissions(path, "rwx------"));
    } catch (IOException e) {
      throw notWritten(path, e);
    }
  }

  /// Opens a file to be locked, which only the user may read; the folder has to be there.
  public FileChannel lockFile(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        permissions(file, "rw-------"));
  }

  /// Writes a file that only the user may read, whole or not at all: a loss of power leaves the old
  /// or the new one.
  ///
  /// @throws UncheckedIOException when the folder cannot be written
  public void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IllegalArgumentException("file has no folder: " + file);
      }
      Files.createDirectories(folder, permissions(folder, "rwx------"));
      Path half = Files.createTempFile(folder, ".", ".tmp", permissions(folder, "rw-------"));
      try {
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
          ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceNames(folder);
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (IOException e) {
      throw notWritten(file, e);
    }
  }

  /// Brings the folder's list of names to the disk (POSIX; other systems do not open folders).
  private static void forceNames(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static UncheckedIOException notWritten(Path file, IOException e) {
    return new UncheckedIOException(
        "cannot write %s: %s; set FAIRLEAD_STATE to a folder that can be written"
            .formatted(file, e.getMessage()),
        e);
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
