package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/// A client that says exactly what a test wants on the wire. Confined to one thread.
final class RawClient implements AutoCloseable {
  private final Socket socket;

  RawClient(int port) {
    this(connected(port));
  }

  /// A client of a socket that is connected already, such as one of TLS.
  RawClient(Socket connected) {
    socket = connected;
    try {
      socket.setSoTimeout(5_000);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Socket connected(int port) {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient say(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Reads one answer with a Content-Length or chunks, and returns head and decoded body.
  String answer() {
    String head = until("\r\n\r\n");
    String lower = head.toLowerCase(Locale.ROOT);
    int length = lower.indexOf("content-length: ");
    if (length >= 0) {
      int end = lower.indexOf('\r', length);
      return head + bytes(Integer.parseInt(lower.substring(length + 16, end)));
    }
    return lower.contains("transfer-encoding: chunked") ? head + chunks() : head;
  }

  private String chunks() {
    var body = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(until("\r\n").strip(), 16);
      body.append(bytes(size));
      until("\r\n");
      if (size == 0) {
        return body.toString();
      }
    }
  }

  /// Reads a chunked body to its end and returns its length.
  long skipChunks() {
    try {
      var in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      long total = 0;
      while (true) {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
          line.append((char) c);
        }
        long size = Long.parseLong(line.toString().strip(), 16);
        in.skipNBytes(size + 2);
        if (size == 0) {
          return total;
        }
        total += size;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads until `mark`, included.
  String until(String mark) {
    var text = new StringBuilder();
    while (text.indexOf(mark) < 0) {
      int next = read();
      if (next < 0) {
        throw new AssertionError("closed after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  String bytes(int count) {
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) read());
    }
    return text.toString();
  }

  /// Reads what comes until the connection is closed; a reset is told at the end of the text.
  String rest() {
    var text = new StringBuilder();
    try {
      int next = socket.getInputStream().read();
      while (next >= 0) {
        text.append((char) next);
        next = socket.getInputStream().read();
      }
    } catch (SocketException | SSLException e) {
      text.append("<reset>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private int read() {
    try {
      return socket.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
