package dev.fairlead.artifacts.store;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// A fresh folder that the entries of one archive are written to, and that gets its final name only
/// when all of them are there. Nothing that an archive says leads out of it: absolute names, `..`,
/// names that are there already (also in another case), and more bytes than the archive can
/// honestly hold are refused. For one thread; the caller holds the lock of the target.
final class Unpacking implements AutoCloseable {
  private static final long BASE_BYTES = 64L << 20;
  private static final long MAX_RATIO = 100;

  private final Path archive;
  private final Path target;
  private final Path fresh;
  private final Set<String> seen = new HashSet<>();
  private long remaining;

  Unpacking(Path archive, Path target) throws IOException {
    this.archive = archive;
    this.target = target.toAbsolutePath();
    this.fresh = Durable.parent(target).resolve("." + target.getFileName() + ".unpacking");
    this.remaining = BASE_BYTES + Math.multiplyExact(MAX_RATIO, Files.size(archive));
    Durable.deleteTree(fresh);
    Files.createDirectories(fresh);
  }

  /// Writes one file, named by its path within the target.
  void add(String name, InputStream content, boolean executable) throws IOException {
    Path file = place(name);
    Files.createDirectories(Durable.parent(file));
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        remaining -= read;
        if (remaining < 0) {
          throw refuse(name, "unpacks to far more bytes than the archive has");
        }
        out.write(buffer, 0, read);
      }
    }
    if (executable && !file.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + file);
    }
  }

  /// Gives the folder its final name.
  void publish() throws IOException {
    if (seen.isEmpty()) {
      throw new ArtifactException(
          Category.NOT_FOUND, "%s holds nothing of what is needed from it".formatted(archive));
    }
    Durable.publish(fresh, target);
  }

  ArtifactException refuse(String name, String why) {
    return new ArtifactException(
        Category.REFUSED,
        "%s is not unpacked: its entry '%s' %s; get the archive from a source that you trust"
            .formatted(archive, name, why));
  }

  private Path place(String name) {
    if (name.isEmpty() || name.startsWith("/") || name.contains("\\") || name.contains(":")) {
      throw refuse(name, "has a name that is not a relative path");
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw refuse(name, "has a name that leads elsewhere");
      }
    }
    if (!seen.add(name.toLowerCase(Locale.ROOT))) {
      throw refuse(name, "is there twice");
    }
    return fresh.resolve(name);
  }

  @Override
  public void close() throws IOException {
    Durable.deleteTree(fresh);
  }
}
