package dev.fairlead.engines.fake;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One client's connection in HTTP/1.1, with the habits of llama.cpp's server: an error closes it,
/// and so does a pause. One thread serves it; `reset` may come from any thread.
final class HttpConnection implements AutoCloseable {

  /// A request, read completely.
  record Request(String method, String path, Map<String, String> headers, String body) {}

  private static final String HEADERS = "Server: llama.cpp\r\nAccess-Control-Allow-Origin: \r\n";

  private final Socket socket;
  private final Duration idle;
  private final PushbackInputStream in;
  private final OutputStream out;
  private @Nullable Thread watch;

  HttpConnection(Socket socket, Duration idle) throws IOException {
    this.socket = socket;
    this.idle = idle;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) idle.toMillis());
    in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /// The next request, or null when the client has left.
  @Nullable Request next() throws IOException, InterruptedException {
    if (watch != null && !watch.join(idle)) {
      return null;
    }
    watch = null;
    var line = line();
    if (line == null || line.isEmpty()) {
      return null;
    }
    var words = line.split(" ", 3);
    var headers = new TreeMap<String, String>();
    for (var header = line(); header != null && !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    return new Request(
        words[0], words[1], headers, new String(body(headers), StandardCharsets.UTF_8));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    var body = new ByteArrayOutputStream();
    while (true) {
      var size = line();
      int length = size == null ? 0 : Integer.parseInt(size.split(";", 2)[0].strip(), 16);
      body.writeBytes(in.readNBytes(length));
      line();
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private @Nullable String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  /// Opened when the client leaves. Until the next request this is the only one that reads.
  CountDownLatch watchForEnd() throws IOException {
    var gone = new CountDownLatch(1);
    socket.setSoTimeout(0);
    watch =
        Thread.startVirtualThread(() -> {
          try {
            int next = in.read();
            if (next >= 0) {
              in.unread(next);
            } else {
              gone.countDown();
            }
          } catch (IOException e) {
            // A reset is a way of leaving.
            gone.countDown();
          }
        });
    return gone;
  }

  /// A whole answer. One of 400 and more is the connection's last.
  void answer(int status, String type, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var head =
        "HTTP/1.1 %d %s\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n\r\n"
            .formatted(status, reason(status), HEADERS, type, bytes.length, keepAlive(status));
    synchronized (out) {
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(bytes);
      out.flush();
    }
    if (status >= 400) {
      close();
    }
  }

  private static String keepAlive(int status) {
    return status >= 400 ? "Connection: close" : "Keep-Alive: timeout=5, max=100";
  }

  void startStream() throws IOException {
    write(
        "HTTP/1.1 200 OK\r\n"
            + HEADERS
            + "X-Accel-Buffering: no\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\nKeep-Alive: timeout=5, max=100\r\n\r\n");
  }

  void chunk(String text) throws IOException {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    write("%x\r\n%s\r\n".formatted(length, text));
  }

  void endStream() throws IOException {
    write("0\r\n\r\n");
  }

  private void write(String text) throws IOException {
    synchronized (out) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  /// Ends it with a TCP reset, as a crash does.
  void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already: nothing is left to reset.
      return;
    }
    close();
  }

  boolean open() {
    return !socket.isClosed();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }
}
