package dev.fairlead.lab.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// An engine that writes down every byte that reaches it, and answers everything. It takes what is
/// behind a request's end for the next request, as a careless server does. Any thread.
final class Recorder implements AutoCloseable {
  private static final String EVENTS =
      """
      data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}

      data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

      data: [DONE]

      """;

  /// One request, its head as it came.
  record Request(String head, String body) {
    String line() {
      return head.substring(0, head.indexOf("\r\n"));
    }

    /// The headers, as they came.
    List<String> headers() {
      return head.lines().skip(1).filter(line -> !line.isEmpty()).toList();
    }
  }

  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  Recorder() {
    try {
      listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("recorder").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// The requests so far, but for health checks and warm-ups.
  List<Request> requests() {
    return List.copyOf(requests);
  }

  void forget() {
    requests.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        Thread.ofVirtual().name("recorder-connection").start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The listener was closed: that is how it ends.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String head = head(in);
      while (!head.isEmpty()) {
        var request = new Request(head, body(head, in));
        String line = request.line();
        if (line.startsWith("GET /health ")) {
          answer(socket, "text/plain", "ok");
        } else if (line.startsWith("POST /v1/completions ")) {
          answer(socket, "application/json", "{}");
        } else {
          requests.add(request);
          answer(socket, "text/event-stream", EVENTS);
        }
        head = head(in);
      }
    } catch (IOException _) {
      // The client left, or was cut.
    } finally {
      sockets.remove(socket);
    }
  }

  private static void answer(Socket socket, String type, String body) throws IOException {
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(type, body.length(), body);
    socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
  }

  /// Up to the blank line, included; empty at the end of the connection.
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static String body(String head, InputStream in) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("transfer-encoding: chunked")) {
      var body = new ByteArrayOutputStream();
      int size = size(in);
      while (size > 0) {
        body.write(in.readNBytes(size));
        in.skipNBytes(2);
        size = size(in);
      }
      in.skipNBytes(2);
      return body.toString(ISO_8859_1);
    }
    int at = lower.indexOf("content-length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)).strip());
    return new String(in.readNBytes(length), ISO_8859_1);
  }

  private static int size(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed in a chunk");
      }
      line.append((char) next);
    }
    return Integer.parseInt(line.toString().strip().split(";", 2)[0], 16);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
