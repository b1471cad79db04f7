package dev.fairlead.dataplane.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An engine whose every answer the test gives by hand, byte by byte if need be. Health checks and
/// warm-ups are answered by themselves.
final class ScriptedEngine implements AutoCloseable {
  private final ServerSocket listener;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final BlockingQueue<Call> warmUps = new LinkedBlockingQueue<>();
  private volatile int health = 200;
  private volatile @Nullable Call healthCheck;
  private volatile int warmUp = 200;

  ScriptedEngine() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void health(int status) {
    health = status;
  }

  void warmUp(int status) {
    warmUp = status;
  }

  /// The next request that arrived.
  Call next() throws InterruptedException {
    Call call = calls.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no request reached the engine");
    }
    return call;
  }

  /// The last health check, or look at the models of a server.
  @Nullable Call healthCheck() {
    return healthCheck;
  }

  /// How many warm-ups arrived.
  int warmUps() {
    return warmUps.size();
  }

  /// The next warm-up that arrived, and was answered.
  Call nextWarmUp() throws InterruptedException {
    Call call = warmUps.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no warm-up reached the engine");
    }
    return call;
  }

  /// How many requests arrived that nobody asked for with `next`.
  int unread() {
    return calls.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    Call last = null;
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        Call call = Call.read(in, socket);
        last = call;
        if (call.path.equals("/health") || call.path.endsWith("/models")) {
          healthCheck = call;
          call.whole(health, "text/plain", "");
        } else if (call.body.contains("\"Hi\"")) {
          call.whole(warmUp, "application/json", "{}");
          warmUps.add(call);
        } else {
          calls.add(call);
        }
      }
    } catch (IOException e) {
      if (last != null) {
        last.left.countDown();
      }
    }
  }

  /// One request. For the test's thread.
  static final class Call {
    final String path;
    final Map<String, String> headers;
    final String body;
    private final Socket socket;
    private final CountDownLatch left = new CountDownLatch(1);

    private Call(String path, Map<String, String> headers, String body, Socket socket) {
      this.path = path;
      this.headers = headers;
      this.body = body;
      this.socket = socket;
    }

    private static Call read(InputStream in, Socket socket) throws IOException {
      String[] first = line(in).split(" ", -1);
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      String body = new String(in.readNBytes(length), UTF_8);
      return new Call(first[1], headers, body, socket);
    }

    private static String line(InputStream in) throws IOException {
      var line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new EOFException();
        }
        if (b != '\r') {
          line.write(b);
        }
      }
      return line.toString(UTF_8);
    }

    @Nullable String header(String name) {
      return headers.get(name);
    }

    /// Whether the agent closes the connection within the time.
    boolean leftWithin(int seconds) throws InterruptedException {
      return left.await(seconds, TimeUnit.SECONDS);
    }

    Call whole(int status, String type, String content) throws IOException {
      int length = content.getBytes(UTF_8).length;
      send(
          "HTTP/1.1 %d X\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(status, type, length, content));
      return this;
    }

    Call startEvents() throws IOException {
      send(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
      return this;
    }

    /// Sends one event with `json` as its data.
    Call event(String json) throws IOException {
      String event = "data: " + json + "\n\n";
      send("%x\r\n%s\r\n".formatted(event.getBytes(UTF_8).length, event));
      return this;
    }

    Call text(String word) throws IOException {
      return event(
          "{\"id\":\"e\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
              + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
              + word
              + "\"},\"finish_reason\":null}]}");
    }

    /// The last pieces of a good answer, and its end.
    Call complete() throws IOException {
      completeWithoutEnd();
      send("0\r\n\r\n");
      return this;
    }

    /// The last pieces of a good answer, after which the engine forgets to end it.
    Call completeWithoutEnd() throws IOException {
      event(
          "{\"id\":\"e\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
              + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
      event(
          "{\"id\":\"e\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
              + "\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,"
              + "\"total_tokens\":17,\"prompt_tokens_details\":{\"cached_tokens\":4}}}");
      event("[DONE]");
      return this;
    }

    /// Dies: the connection is reset.
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    private void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.getOutputStream().flush();
    }
  }
}
