package dev.fairlead.dataplane.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/// Knows the headers that belong to one connection and must not be relayed (RFC 9110, section
/// 7.6.1), and `Content-Length`, which whoever sends a message sets anew. Pure.
final class HopByHop {
  private static final AsciiString[] NAMES = {
    HttpHeaderNames.CONNECTION,
    AsciiString.cached("proxy-connection"),
    HttpHeaderNames.PROXY_AUTHENTICATE,
    HttpHeaderNames.PROXY_AUTHORIZATION,
    HttpHeaderNames.TE,
    HttpHeaderNames.TRAILER,
    HttpHeaderNames.TRANSFER_ENCODING,
    HttpHeaderNames.UPGRADE,
    HttpHeaderNames.EXPECT,
    HttpHeaderNames.CONTENT_LENGTH,
    AsciiString.cached("keep-alive"),
  };

  private HopByHop() {}

  /// Whether it is one of them, in any case.
  static boolean contains(CharSequence name) {
    for (AsciiString own : NAMES) {
      if (own.length() == name.length() && own.contentEqualsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /// Whether `Connection` names it as one of them.
  static boolean isNamed(HttpHeaders headers, CharSequence name) {
    for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
      for (String part : value.split(",", -1)) {
        if (AsciiString.contentEqualsIgnoreCase(part.strip(), name)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Takes them out of headers that are the caller's.
  static void strip(HttpHeaders headers) {
    List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
    for (int i = 0; i < values.size(); i++) {
      for (String name : values.get(i).split(",", -1)) {
        headers.remove(name.strip());
      }
    }
    for (AsciiString name : NAMES) {
      headers.remove(name);
    }
  }
}
