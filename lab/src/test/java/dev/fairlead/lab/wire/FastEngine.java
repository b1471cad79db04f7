package dev.fairlead.lab.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An engine that generates the `max_tokens` of a chat as fast as they are taken. Any thread.
final class FastEngine implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
  private static final Pattern TOKENS = Pattern.compile("\"max_tokens\":(\\d+)");
  private static final int BATCH = 64;
  private static final int SEND_BUFFER = 64 << 10;
  private static final String TOKEN =
      chunk(
          "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]}");
  private static final String LAST =
      chunk("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
          + chunk("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}")
          + chunk("[DONE]")
          + "0\r\n\r\n";

  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong generated = new AtomicLong();

  FastEngine() {
    try {
      listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fast-engine").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// How many tokens it could hand over so far.
  long generated() {
    return generated.get();
  }

  private static String chunk(String data) {
    String event = "data: " + data + "\n\n";
    return "%x\r\n%s\r\n".formatted(event.length(), event);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().name("fast-engine-connection").start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The listener was closed: that is how it ends.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      socket.setSendBufferSize(SEND_BUFFER);
      OutputStream out = socket.getOutputStream();
      while (true) {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int next = in.read();
          if (next < 0) {
            return;
          }
          head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        String body =
            length.find()
                ? new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1)
                : "";
        if (head.indexOf("/v1/chat/") > 0) {
          stream(out, body);
        } else {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(ISO_8859_1));
        }
      }
    } catch (IOException _) {
      // The client left.
    } finally {
      sockets.remove(socket);
    }
  }

  private void stream(OutputStream out, String body) throws IOException {
    Matcher asked = TOKENS.matcher(body);
    int left = asked.find() ? Integer.parseInt(asked.group(1)) : 1;
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(ISO_8859_1));
    byte[] batch = TOKEN.repeat(BATCH).getBytes(ISO_8859_1);
    while (left > 0) {
      int now = Math.min(left, BATCH);
      out.write(batch, 0, now * TOKEN.length());
      generated.addAndGet(now);
      left -= now;
    }
    out.write(LAST.getBytes(ISO_8859_1));
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
