package dev.fairlead.app.telemetry;

import dev.fairlead.app.config.AccessLogging;
import dev.fairlead.dataplane.telemetry.LogFile;
import dev.fairlead.dataplane.telemetry.LogTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Where the access log goes, as it was configured.
public sealed interface AccessLogTarget {
  /// Empty where there shall be none.
  static Optional<AccessLogTarget> of(AccessLogging configured) {
    return configured.standardOutput()
        ? Optional.of(new StandardOutput())
        : configured.file().map(File::new);
  }

  /// Opens it; an exception means that it cannot be written.
  default LogTarget open() throws IOException {
    return switch (this) {
      case StandardOutput() -> LogTarget.standardOutput();
      case File(Path path) -> new LogFile(path);
    };
  }

  /// Standard output, whose rotation is the platform's.
  record StandardOutput() implements AccessLogTarget {}

  /// A file, which may be renamed to rotate it.
  record File(Path path) implements AccessLogTarget {}
}
