package dev.fairlead.dataplane.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Appends to a file, and to a new one of its name once that was renamed or deleted, as logrotate
/// does: it looks before each batch, so no signal is needed. Used by one thread.
public final class LogFile implements LogTarget {
  /// Names of tenants and their load are not for everyone on the machine.
  private static final FileAttribute<?> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  private final Path path;
  private @Nullable OutputStream out;
  private Optional<Object> key = Optional.empty();

  /// Opens it, so that a path that cannot be written is known at once.
  public LogFile(Path path) throws IOException {
    this.path = path;
    var _ = open();
  }

  @Override
  public void write(byte[] lines) throws IOException {
    OutputStream current = out;
    if (current == null || !identity().equals(key)) {
      close();
      current = open();
    }
    current.write(lines);
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(path, OWN);
    }
    OutputStream opened =
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    out = opened;
    key = identity();
    return opened;
  }

  /// Which file the name leads to now.
  private Optional<Object> identity() throws IOException {
    try {
      return Optional.of(
          Objects.requireNonNullElse(
              Files.readAttributes(path, BasicFileAttributes.class).fileKey(), path));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    OutputStream current = out;
    out = null;
    if (current != null) {
      current.close();
    }
  }
}
