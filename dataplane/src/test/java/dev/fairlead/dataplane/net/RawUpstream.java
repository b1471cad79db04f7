package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An upstream that follows a script on the wire, one virtual thread a connection.
final class RawUpstream implements AutoCloseable {
  /// What happens on one connection; returning closes it.
  interface Script {
    void run(int connection, Wire wire) throws IOException;
  }

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  RawUpstream(Script script) {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> accept(script));
  }

  int port() {
    return listener.getLocalPort();
  }

  int accepted() {
    return accepted.get();
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(script, number, socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void serve(Script script, int number, Socket socket) {
    try (socket) {
      script.run(number, new Wire(socket));
    } catch (IOException e) {
      System.getLogger("upstream").log(Level.DEBUG, "the client closed first: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /// One accepted connection.
  record Wire(Socket socket) {
    /// Reads one request with a Content-Length or without a body.
    String request() throws IOException {
      var text = new StringBuilder();
      InputStream in = socket.getInputStream();
      while (text.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("closed");
        }
        text.append((char) next);
      }
      int at = text.indexOf("content-length: ");
      if (at >= 0) {
        int length = Integer.parseInt(text.substring(at + 16, text.indexOf("\r", at)));
        text.append(new String(in.readNBytes(length), ISO_8859_1));
      }
      return text.toString();
    }

    void say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// Waits until the other side has closed or reset.
    void awaitClose() throws IOException {
      var _ = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }
}
