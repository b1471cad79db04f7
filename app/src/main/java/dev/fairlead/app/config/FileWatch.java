package dev.fairlead.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// Tells when files have changed and been left alone since the look before, so that a half-written
/// file or half a pair is not taken. Looks at their attributes, through symbolic links, which works
/// on every file system and for Kubernetes' swapped folders. Used by one thread.
public final class FileWatch {
  private final List<Path> files;
  private List<String> taken;
  private List<String> seen;

  /// Begins with the files as they are now.
  public FileWatch(List<Path> files) {
    this.files = List.copyOf(files);
    taken = stamps();
    seen = taken;
  }

  /// Whether the files differ from what they were when this last said so, or at first.
  public boolean changed() {
    List<String> now = stamps();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(taken)) {
      return false;
    }
    taken = now;
    return true;
  }

  private List<String> stamps() {
    return files.stream().map(FileWatch::stamp).toList();
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return "%d %s %s".formatted(now.size(), now.lastModifiedTime(), now.fileKey());
    } catch (IOException _) {
      return "not there";
    }
  }
}
