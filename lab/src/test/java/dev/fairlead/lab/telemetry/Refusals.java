package dev.fairlead.lab.telemetry;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Asks without a message, many times on one connection, each answer read before the next request:
/// the cheapest requests that are settled. One thread.
final class Refusals implements AutoCloseable {
  private static final String BODY = "{\"model\":\"none\",\"messages\":[]}";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Refusals(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream());
  }

  void ask(int times) throws IOException {
    byte[] request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(socket.getPort(), BODY.length(), BODY)
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < times; i++) {
      out.write(request);
      out.flush();
      answer(i);
    }
  }

  private void answer(int number) throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 400 ")) {
      throw new AssertionError("request %d was answered by `%s`".formatted(number, status));
    }
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    in.skipNBytes(length);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection was closed");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
