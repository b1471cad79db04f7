package dev.fairlead.lab.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A client's connection in HTTP/1.1 that hides nothing of an answer: whether its body ended as it
/// should, and what came until then. One thread.
final class Wire implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int SLOW_BUFFER = 8 << 10;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private boolean chunked;
  private boolean keepAlive;
  private long left;
  private boolean ended;

  Wire(int port) throws IOException {
    this(port, 0, Duration.ZERO);
  }

  private Wire(int port, int receiveBuffer, Duration pause) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    patience(PATIENCE);
    InputStream arriving = socket.getInputStream();
    in =
        new BufferedInputStream(
            pause.isZero() ? arriving : new SlowStream(arriving, pause), 4 << 10);
    out = socket.getOutputStream();
  }

  /// One whose client hardly reads at first, and whose kernel takes little on its behalf.
  static Wire slow(int port, Duration pause) throws IOException {
    return new Wire(port, SLOW_BUFFER, pause);
  }

  /// How long a read waits, before a `SocketTimeoutException`.
  void patience(Duration longest) throws IOException {
    socket.setSoTimeout((int) longest.toMillis());
  }

  void post(String path, String json) throws IOException {
    ended = false;
    byte[] body = json.getBytes(UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, socket.getPort(), body.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length);
    all.writeBytes(head.getBytes(ISO_8859_1));
    all.writeBytes(body);
    out.write(all.toByteArray());
  }

  /// Reads the head of the answer; its status.
  int status() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    chunked = false;
    keepAlive = true;
    ended = false;
    left = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String[] pair = header.toLowerCase(Locale.ROOT).split(":", 2);
      switch (pair[0]) {
        case "content-length" -> left = Long.parseLong(pair[1].strip());
        case "transfer-encoding" -> chunked = true;
        case "connection" -> keepAlive = !pair[1].contains("close");
        default -> {}
      }
    }
    if (chunked) {
      nextChunk();
    } else {
      ended = left == 0;
    }
    return status;
  }

  /// The next byte of the body; -1 at its proper end. Every other end is an exception.
  int read() throws IOException {
    if (ended) {
      return -1;
    }
    int next = in.read();
    if (next < 0) {
      throw new IOException("the body was cut");
    }
    left--;
    if (left == 0) {
      if (chunked) {
        var _ = line();
        nextChunk();
      } else {
        ended = true;
      }
    }
    return next;
  }

  private void nextChunk() throws IOException {
    left = Long.parseLong(line().split(";", 2)[0].strip(), 16);
    if (left == 0) {
      ended = line().isEmpty();
    }
  }

  /// The next line of the body, without its end; null after the last.
  @Nullable String bodyLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    for (int next = read(); next != '\n'; next = read()) {
      if (next < 0) {
        return line.size() == 0 ? null : line.toString(UTF_8);
      }
      line.write(next);
    }
    return line.toString(UTF_8);
  }

  /// The rest of the body.
  String body() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1_024);
    for (int next = read(); next >= 0; next = read()) {
      body.write(next);
    }
    return body.toString(UTF_8);
  }

  /// Whether the body is over and another request may follow.
  boolean reusable() {
    return ended && keepAlive;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection was closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
