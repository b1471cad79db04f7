package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/// Writes the head of a message into the buffer in which its body may follow, so that a small
/// message is one piece of memory and one system call. Headers of the connection and lengths are
/// left to who calls; all others are written as they are, if they hold no control character. In the
/// order: first line, `headers`, framing, `end`. Pure but for the buffer.
final class HeadWriter {
  private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");
  private static final byte[] HTTP_1_1 = ascii("HTTP/1.1 ");
  private static final byte[] SPACE_HTTP_1_1 = ascii(" HTTP/1.1\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
  private static final int COLON_SPACE = ':' << 8 | ' ';
  private static final int CR_LF = '\r' << 8 | '\n';

  private HeadWriter() {}

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  static void status(ByteBuf out, int status) {
    if (status == 200) {
      out.writeBytes(OK);
      return;
    }
    out.writeBytes(HTTP_1_1);
    number(out, status);
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, HttpResponseStatus.valueOf(status).reasonPhrase());
    out.writeShort(CR_LF);
  }

  /// The first line and all headers of a request, whatever `Host` its headers name.
  static void request(ByteBuf out, UpstreamRequest request, String host) {
    text(out, request.method());
    out.writeByte(' ');
    text(out, request.target());
    out.writeBytes(SPACE_HTTP_1_1);
    header(out, HttpHeaderNames.HOST, host);
    headers(out, request.headers(), HttpHeaderNames.HOST);
  }

  /// Every header but those that belong to one connection.
  ///
  /// @throws IllegalArgumentException when one would break out of its line
  static void headers(ByteBuf out, HttpHeaders headers) {
    headers(out, headers, HttpHeaderNames.CONTENT_LENGTH);
  }

  private static void headers(ByteBuf out, HttpHeaders headers, AsciiString without) {
    boolean named = headers.contains(HttpHeaderNames.CONNECTION);
    Iterator<Map.Entry<CharSequence, CharSequence>> entries = headers.iteratorCharSequence();
    while (entries.hasNext()) {
      Map.Entry<CharSequence, CharSequence> entry = entries.next();
      CharSequence name = entry.getKey();
      if (!without.contentEqualsIgnoreCase(name)
          && !HopByHop.contains(name)
          && !(named && HopByHop.isNamed(headers, name))) {
        header(out, name, entry.getValue());
      }
    }
  }

  static void header(ByteBuf out, CharSequence name, CharSequence value) {
    text(out, name);
    out.writeShort(COLON_SPACE);
    text(out, value);
    out.writeShort(CR_LF);
  }

  static void contentLength(ByteBuf out, int length) {
    out.writeBytes(CONTENT_LENGTH);
    number(out, length);
    out.writeShort(CR_LF);
  }

  static void chunked(ByteBuf out) {
    out.writeBytes(CHUNKED);
  }

  static void close(ByteBuf out) {
    out.writeBytes(CLOSE);
  }

  static void keepAlive(ByteBuf out) {
    out.writeBytes(KEEP_ALIVE);
  }

  static void end(ByteBuf out) {
    out.writeShort(CR_LF);
  }

  private static void number(ByteBuf out, int value) {
    int scale = 1;
    while (value / scale >= 10) {
      scale *= 10;
    }
    for (; scale > 0; scale /= 10) {
      out.writeByte('0' + value / scale % 10);
    }
  }

  /// Letters that a head cannot hold become question marks; the checked bytes are the written ones.
  private static void text(ByteBuf out, CharSequence text) {
    if (text instanceof AsciiString ascii) {
      write(out, ascii.array(), ascii.arrayOffset(), ascii.length());
    } else {
      // The JDK copies a string's bytes at once, where a loop over its letters looks at each twice.
      byte[] bytes = text.toString().getBytes(ISO_8859_1);
      write(out, bytes, 0, bytes.length);
    }
  }

  private static void write(ByteBuf out, byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      byte letter = bytes[i];
      if ((letter < 0x20 && letter >= 0 && letter != '\t') || letter == 0x7F) {
        throw new IllegalArgumentException("a header has the control character " + letter);
      }
    }
    out.writeBytes(bytes, from, length);
  }
}
