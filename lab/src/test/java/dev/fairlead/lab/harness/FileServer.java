package dev.fairlead.lab.harness;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/// Serves one file on loopback, as a place where models are fetched from. Any thread.
public final class FileServer implements AutoCloseable {
  private final HttpServer server;

  /// @param start how the file begins
  /// @param length how long it says to be; what follows the start is zeros
  public FileServer(byte[] start, long length) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] own = start.clone();
    server.createContext(
        "/",
        exchange -> {
          boolean head = exchange.getRequestMethod().toUpperCase(Locale.ROOT).equals("HEAD");
          exchange.sendResponseHeaders(200, head ? -1 : length);
          try (exchange;
              OutputStream body = exchange.getResponseBody()) {
            if (!head) {
              write(body, own, length);
            }
          }
        });
    server.start();
  }

  private static void write(OutputStream body, byte[] start, long length) throws IOException {
    body.write(start);
    byte[] zeros = new byte[1 << 16];
    for (long left = length - start.length; left > 0; left -= zeros.length) {
      body.write(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }

  /// Where the file is.
  public String url(String name) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), name);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
