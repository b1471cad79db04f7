package dev.fairlead.app.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// A running Fairlead, as it wrote itself down.
///
/// @param port the public port, which tells instances of one user apart
/// @param started when its process started
/// @param certificateFile the certificate of its public port, where that speaks HTTPS
public record Instance(
    int port,
    long pid,
    Instant started,
    URI gatewayUrl,
    URI controlUrl,
    Path tokenFile,
    Optional<Path> certificateFile) {
  /// Reads the token that its control port takes.
  public String token() {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the token file %s: %s".formatted(tokenFile, e.getMessage()), e);
    }
  }
}
