package dev.fairlead.dataplane.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// One request of a gateway on a connection of its own, of which the test sees every byte. A read
/// that takes longer than 10 s fails.
final class RawGateway implements AutoCloseable {
  static final String TOKEN = "gateway-token-of-the-tests";
  static final String CHAT = "/v1/chat/completions";
  static final String BODY = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";

  private final Socket socket;
  private final StringBuilder seen = new StringBuilder();

  private RawGateway(int port) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(16 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(10_000);
  }

  static RawGateway get(int port, String path, String... headers) throws IOException {
    var gateway = new RawGateway(port);
    gateway.send("GET " + path + " HTTP/1.1\r\nhost: x\r\n" + lines(headers) + "\r\n");
    return gateway;
  }

  static RawGateway post(int port, String path, String body, String... headers) throws IOException {
    var gateway = new RawGateway(port);
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    gateway.send(
        "POST "
            + path
            + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
            + TOKEN
            + "\r\ncontent-type: application/json\r\ncontent-length: "
            + length
            + "\r\n"
            + lines(headers)
            + "\r\n"
            + body);
    return gateway;
  }

  /// A request that says who it is in its own way, or not at all.
  static RawGateway withoutToken(int port, String path, String... headers) throws IOException {
    var gateway = new RawGateway(port);
    gateway.send(
        "POST %s HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n%s\r\n{}"
            .formatted(path, lines(headers)));
    return gateway;
  }

  /// A request whose body of `length` bytes never comes.
  static RawGateway unfinished(int port, String path, int length) throws IOException {
    var gateway = new RawGateway(port);
    gateway.send(
        "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n{"
            .formatted(path, TOKEN, length));
    return gateway;
  }

  /// A chat that is answered with events.
  static RawGateway chat(int port, String... headers) throws IOException {
    return post(port, CHAT, BODY, headers);
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /// Reads until the answer so far contains `needle`.
  RawGateway until(String needle) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    int from = 0;
    while (seen.indexOf(needle, from) < 0) {
      from = Math.max(0, seen.length() - needle.length());
      int read = in.read(buffer);
      if (read < 0) {
        throw new AssertionError("the answer ended without " + needle);
      }
      seen.append(new String(buffer, 0, read, ISO_8859_1));
    }
    return this;
  }

  /// Reads until the connection's end, or its reset.
  String all() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[64 << 10];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        seen.append(new String(buffer, 0, read, ISO_8859_1));
      }
    } catch (SocketException e) {
      seen.append("<reset>");
    }
    return seen.toString();
  }

  /// What was read so far.
  String seen() {
    return seen.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
