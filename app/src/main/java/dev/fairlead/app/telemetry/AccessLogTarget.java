package dev.fairlead.app.telemetry;

import dev.fairlead.dataplane.telemetry.LogFile;
import dev.fairlead.dataplane.telemetry.LogTarget;
import java.io.IOException;
import java.nio.file.Path;

/// Where the access log goes, as the user has said it.
public sealed interface AccessLogTarget {
  /// `-` means standard output, everything else is a file.
  static AccessLogTarget parse(String text) {
    return text.equals("-") ? new StandardOutput() : new File(Path.of(text));
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
