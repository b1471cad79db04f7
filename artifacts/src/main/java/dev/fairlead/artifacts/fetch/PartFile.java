package dev.fairlead.artifacts.fetch;

import dev.fairlead.artifacts.store.Durable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// What has been fetched of a file so far: `NAME.part`, and beside it `NAME.part.origin` with where
/// it came from and how to know that entity again. For the holder of the target's lock.
final class PartFile {
  /// The entity that the bytes belong to: its `validator` is a strong ETag or a Last-Modified date,
  /// empty when the server gave none; `total` is its length, -1 when not known.
  record Entity(String uri, String validator, long total) {}

  private final Path path;
  private final Path origin;

  PartFile(Path target) {
    this.path = target.resolveSibling(target.getFileName() + ".part");
    this.origin = target.resolveSibling(target.getFileName() + ".part.origin");
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return Files.exists(path) ? Files.size(path) : 0;
  }

  /// The entity that was being fetched from `uri`, when there are bytes of it to go on from.
  Optional<Entity> resumable(URI uri) throws IOException {
    if (size() == 0 || !Files.exists(origin)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(origin);
    if (lines.size() != 3 || !lines.getFirst().equals(uri.toString())) {
      return Optional.empty();
    }
    return Optional.of(new Entity(lines.get(0), lines.get(1), Long.parseLong(lines.get(2))));
  }

  /// Begins anew with another entity.
  void begin(Entity entity) throws IOException {
    discard();
    Durable.write(
        origin,
        String.join("\n", entity.uri(), entity.validator(), String.valueOf(entity.total()), ""));
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  void publish(Path target) throws IOException {
    Durable.publish(path, target);
    Files.deleteIfExists(origin);
  }

  void discard() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(origin);
  }
}
