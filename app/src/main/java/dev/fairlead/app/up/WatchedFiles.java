package dev.fairlead.app.up;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.ResourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The files behind `-f`, read again when one of them has changed. Looks at their times once a
/// call, which works on every file system, network ones included. Used by one thread.
final class WatchedFiles {
  private final List<Path> paths;
  private List<String> seen = List.of();

  WatchedFiles(List<Path> paths) {
    this.paths = List.copyOf(paths);
  }

  ParseResult read() {
    seen = state();
    return ResourceFiles.read(paths);
  }

  /// What the files say now, if that may be something else than before.
  Optional<ParseResult> changed() {
    List<String> now = state();
    if (now.equals(seen)) {
      return Optional.empty();
    }
    seen = now;
    return Optional.of(ResourceFiles.read(paths));
  }

  private List<String> state() {
    List<String> state = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries.sorted().map(WatchedFiles::stamp).forEach(state::add);
        } catch (IOException e) {
          state.add(path + " cannot be listed");
        }
      } else {
        state.add(stamp(path));
      }
    }
    return state;
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return "%s %d %s %s".formatted(file, now.size(), now.lastModifiedTime(), now.fileKey());
    } catch (IOException e) {
      return file + " is not there";
    }
  }
}
