package dev.fairlead.app.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The secrets that resources name: folders below the one of `--secrets`, laid out as Kubernetes
/// mounts its Secrets, one file for each key. Read anew each time, so that a rotated one is taken
/// up. Safe for every thread.
final class Secrets {
  private static final Logger log = LoggerFactory.getLogger(Secrets.class);

  private final Optional<Path> directory;

  Secrets(Optional<Path> directory) {
    this.directory = directory;
  }

  /// The file `token` of the secret `name`; empty when it cannot be read, which the log tells.
  Optional<String> token(String name) {
    if (directory.isEmpty()) {
      log.warn("secret not read name={} why=\"Fairlead was started without --secrets DIR\"", name);
      return Optional.empty();
    }
    Path file = directory.orElseThrow().resolve(name).resolve("token");
    try {
      return Optional.of(Files.readString(file, UTF_8).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      log.warn("secret not read name={} why=\"{}\"", name, e.toString());
      return Optional.empty();
    }
  }
}
