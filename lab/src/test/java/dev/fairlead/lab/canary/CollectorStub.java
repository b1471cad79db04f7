package dev.fairlead.lab.canary;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.zip.GZIPInputStream;

/// Takes whatever a tracer sends, and keeps its bytes, unpacked. Safe for every thread.
final class CollectorStub implements AutoCloseable {
  private final HttpServer server;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  CollectorStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized byte[] received() {
    return received.toByteArray();
  }

  private void take(HttpExchange exchange) throws IOException {
    boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"));
    try (InputStream raw = exchange.getRequestBody();
        InputStream body = packed ? new GZIPInputStream(raw) : raw) {
      byte[] bytes = body.readAllBytes();
      synchronized (this) {
        received.writeBytes(bytes);
      }
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
