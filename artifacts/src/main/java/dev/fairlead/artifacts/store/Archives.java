package dev.fairlead.artifacts.store;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Unpacks the two kinds of archive that the Python package index has: zip (wheels) and tar.gz
/// (source distributions). A target appears whole or not at all; a folder that is there already is
/// replaced. Stateless; the caller holds the {@link PathLock} of the target. Failures: `REFUSED`
/// for an entry that would leave the target, `CORRUPT` for a broken archive, `NOT_FOUND` where the
/// wanted entries are missing.
public final class Archives {
  private Archives() {}

  /// Makes `target` a file with the content of one entry of a zip.
  public static void extract(Path zip, String entry, Path target) {
    unpacking(
        zip,
        () -> {
          Files.createDirectories(Durable.parent(target));
          Path fresh = target.resolveSibling("." + target.getFileName() + ".unpacking");
          try (ZipFile file = new ZipFile(zip.toFile())) {
            ZipEntry found = file.getEntry(entry);
            if (found == null || found.isDirectory()) {
              throw new ArtifactException(
                  Category.NOT_FOUND,
                  "%s has no entry %s; check the part after '#'".formatted(zip, entry));
            }
            Files.deleteIfExists(fresh);
            try (InputStream content = file.getInputStream(found)) {
              Files.copy(content, fresh);
            }
            Durable.publish(fresh, target);
          } finally {
            Files.deleteIfExists(fresh);
          }
        });
  }

  /// Makes `target` a folder with all entries of a zip whose names begin with `prefix`, which is
  /// taken off.
  public static void unzip(Path zip, String prefix, Path target) {
    unpacking(
        zip,
        () -> {
          try (ZipFile file = new ZipFile(zip.toFile());
              Unpacking unpacking = new Unpacking(zip, target)) {
            Enumeration<? extends ZipEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
              ZipEntry entry = entries.nextElement();
              if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
                try (InputStream content = file.getInputStream(entry)) {
                  unpacking.add(entry.getName().substring(prefix.length()), content, false);
                }
              }
            }
            unpacking.publish();
          }
        });
  }

  /// The same for a tar.gz. Links and devices under the prefix are refused.
  public static void untar(Path tarGz, String prefix, Path target) {
    unpacking(
        tarGz,
        () -> {
          try (InputStream stream = new GZIPInputStream(Files.newInputStream(tarGz), 1 << 16);
              Unpacking unpacking = new Unpacking(tarGz, target)) {
            TarReader tar = new TarReader(stream);
            while (tar.next()) {
              TarReader.Entry entry = tar.entry();
              if (!entry.name().startsWith(prefix) || entry.kind() == TarReader.Kind.FOLDER) {
                continue;
              }
              String name = entry.name().substring(prefix.length());
              if (entry.kind() == TarReader.Kind.OTHER) {
                throw unpacking.refuse(name, "is a link or a device");
              }
              unpacking.add(name, tar.content(), entry.executable());
            }
            unpacking.publish();
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void unpacking(Path archive, Work work) {
    try {
      work.run();
    } catch (ZipException | TarReader.BrokenTarException | EOFException broken) {
      throw new ArtifactException(
          Category.CORRUPT,
          "%s is broken (%s): delete it and try again".formatted(archive, broken.getMessage()),
          broken);
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot unpack " + archive, archive);
    }
  }
}
