package dev.fairlead.artifacts.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server on loopback that answers each request with the next of the answers that it was
/// given, byte for byte, and closes the connection. The last answer stays for later requests.
public final class FaultyOrigin implements AutoCloseable {
  /// A request as it came; header names are in lower case.
  public record Received(String path, Map<String, String> headers) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// Writes a whole response.
  @FunctionalInterface
  public interface Answer {
    void write(Received request, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
  private final List<Received> requests = new CopyOnWriteArrayList<>();

  public FaultyOrigin(Answer... answers) {
    this.answers.addAll(List.of(answers));
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().start(this::serve);
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /// The whole content, with a strong ETag when `etag` is not empty.
  public static Answer whole(byte[] content, String etag) {
    return (_, out) -> {
      head(out, "200 OK", content.length, etag.isEmpty() ? "" : "ETag: " + etag + "\r\n");
      out.write(content);
    };
  }

  /// Announces the whole content and breaks off after `bytes`.
  public static Answer cut(byte[] content, String etag, int bytes) {
    return (_, out) -> {
      head(out, "200 OK", content.length, etag.isEmpty() ? "" : "ETag: " + etag + "\r\n");
      out.write(content, 0, bytes);
    };
  }

  /// Obeys `Range`, and `If-Range` where it names another entity.
  public static Answer ranges(byte[] content, String etag) {
    return (request, out) -> {
      String range = request.header("range");
      String condition = request.header("if-range");
      if (range.isEmpty() || !(condition.isEmpty() || condition.equals(etag))) {
        whole(content, etag).write(request, out);
        return;
      }
      int from = Integer.parseInt(range.replaceAll("\\D", ""));
      partial(content, etag, from).write(request, out);
    };
  }

  /// 206 from `from` on, whatever was asked.
  public static Answer partial(byte[] content, String etag, int from) {
    return (_, out) -> {
      String range =
          "Content-Range: bytes %d-%d/%d\r\n".formatted(from, content.length - 1, content.length);
      String tag = etag.isEmpty() ? "" : "ETag: " + etag + "\r\n";
      head(out, "206 Partial Content", content.length - from, range + tag);
      out.write(Arrays.copyOfRange(content, from, content.length));
    };
  }

  public static Answer status(String status, String headers) {
    return (_, out) -> head(out, status, 0, headers);
  }

  public static Answer redirect(String location) {
    return status("302 Found", "Location: " + location + "\r\n");
  }

  static void head(OutputStream out, String status, long length, String headers)
      throws IOException {
    out.write(
        "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
            .formatted(status, length, headers)
            .getBytes(ISO_8859_1));
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(Socket accepted) {
    try (Socket socket = accepted) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      String line = in.readLine();
      if (line == null) {
        return;
      }
      String path = line.split(" ", -1)[1];
      Map<String, String> headers = new HashMap<>();
      for (line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Received request = new Received(path, headers);
      requests.add(request);
      next().write(request, socket.getOutputStream());
    } catch (IOException clientIsGone) {
      requests.add(new Received("(broken off by the client)", Map.of()));
    }
  }

  private synchronized Answer next() {
    return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
