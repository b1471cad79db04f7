package dev.fairlead.artifacts.store;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// How many bytes can still be written to the file system of a folder that is there.
@FunctionalInterface
public interface DiskSpace {
  /// What is left for the system and for others, so that a fetch never fills a disk to its end.
  long RESERVE_BYTES = 64L << 20;

  long usable(Path folder) throws IOException;

  /// The disks of this machine.
  static DiskSpace ofThisMachine() {
    return folder -> Files.getFileStore(folder).getUsableSpace();
  }

  /// Refuses with `NO_SPACE` when `bytes` for `what` do not fit into `folder`.
  default void require(long bytes, Path folder, String what) throws IOException {
    long usable = usable(folder);
    if (usable - RESERVE_BYTES < bytes) {
      throw new ArtifactException(
          Category.NO_SPACE,
          "not enough disk space: %s needs %s in %s, where %s are free; free some, or set FAIRLEAD_CACHE to a folder on a disk with room"
              .formatted(
                  what,
                  ByteSize.text(Math.addExact(bytes, RESERVE_BYTES)),
                  folder,
                  ByteSize.text(usable)));
    }
  }

  /// The failure that stands for `failure`, which happened on writing near `path`: a full disk is
  /// told from others.
  static ArtifactException explain(IOException failure, String what, Path path) {
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return new ArtifactException(
          Category.NO_SPACE,
          "%s: the disk of %s is full; free some space, or set FAIRLEAD_CACHE to a folder on a disk with room"
              .formatted(what, path),
          failure);
    }
    return new ArtifactException(
        Category.IO,
        "%s: %s; check that %s can be read and its folder written".formatted(what, failure, path),
        failure);
  }
}
