package dev.fairlead.lab.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A client that sends exactly what it is told to, and takes everything that comes. One thread.
final class Raw implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})[ \\r]");

  /// Small, so that one who does not read is soon noticed.
  private static final int RECEIVE_BUFFER = 16 << 10;

  private static final int PATIENCE_MILLIS = 120_000;

  private final Socket socket;

  Raw(int port) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  Raw say(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    } catch (IOException _) {
      // The other side has closed already: what it said counts.
    }
    return this;
  }

  /// Sends no more.
  Raw hush() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /// All that comes until the connection is closed, or reset.
  String rest() throws IOException {
    var text = new StringBuilder();
    byte[] buffer = new byte[8_192];
    try {
      for (int read = socket.getInputStream().read(buffer);
          read >= 0;
          read = socket.getInputStream().read(buffer)) {
        text.append(new String(buffer, 0, read, ISO_8859_1));
      }
    } catch (SocketException _) {
      // A reset: an end like another.
    }
    return text.toString();
  }

  /// The statuses of the answers in a text, interim ones left out.
  static List<Integer> statuses(String text) {
    return STATUS
        .matcher(text)
        .results()
        .map((MatchResult found) -> Integer.valueOf(found.group(1)))
        .filter(status -> status >= 200)
        .toList();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
