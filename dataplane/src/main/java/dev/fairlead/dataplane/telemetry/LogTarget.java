package dev.fairlead.dataplane.telemetry;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Where a log goes. Used by one thread, which it may block.
public interface LogTarget extends Closeable {
  /// Writes whole lines.
  void write(byte[] lines) throws IOException;

  /// Standard output. What else prints there has its own buffer, and is not held up by lines that
  /// nobody reads.
  static LogTarget standardOutput() {
    return to(new FileOutputStream(FileDescriptor.out));
  }

  /// A stream, which stays open.
  static LogTarget to(OutputStream stream) {
    return new LogTarget() {
      @Override
      public void write(byte[] lines) throws IOException {
        stream.write(lines);
      }

      @Override
      public void close() {}
    };
  }
}
