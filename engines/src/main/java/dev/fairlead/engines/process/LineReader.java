package dev.fairlead.engines.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Cuts a child's output into lines of bounded length, so that a child that never ends its line
/// cannot fill the memory. One thread.
final class LineReader {
  private static final String CUT = "…";

  private final InputStream source;
  private final int maxBytes;
  private final byte[] buffer = new byte[8192];
  private int position;
  private int limit;

  LineReader(InputStream source, int maxBytes) {
    this.source = source;
    this.maxBytes = maxBytes;
  }

  /// The next line without its end, or null at the end of the output. Bytes over the limit are read
  /// and dropped; a cut line ends in `…`.
  @Nullable String next() throws IOException {
    var line = new ByteArrayOutputStream();
    boolean cut = false;
    while (fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      int kept = Math.min(end - position, maxBytes - line.size());
      line.write(buffer, position, kept);
      cut |= kept < end - position;
      boolean complete = end < limit;
      position = complete ? end + 1 : end;
      if (complete) {
        return text(line, cut);
      }
    }
    return line.size() > 0 ? text(line, cut) : null;
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = Math.max(0, source.read(buffer));
    return limit > 0;
  }

  private static String text(ByteArrayOutputStream line, boolean cut) {
    var text = line.toString(StandardCharsets.UTF_8);
    return (text.endsWith("\r") ? text.substring(0, text.length() - 1) : text) + (cut ? CUT : "");
  }
}
