package dev.fairlead.dataplane.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/// Knows the headers that belong to one connection and must not be relayed (RFC 9110, section
/// 7.6.1). Pure.
public final class HopByHop {
  private static final List<CharSequence> NAMES =
      List.of(
          HttpHeaderNames.CONNECTION,
          "proxy-connection",
          HttpHeaderNames.PROXY_AUTHENTICATE,
          HttpHeaderNames.PROXY_AUTHORIZATION,
          HttpHeaderNames.TE,
          HttpHeaderNames.TRAILER,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE,
          HttpHeaderNames.EXPECT,
          HttpHeaderNames.CONTENT_LENGTH,
          "keep-alive");

  private HopByHop() {}

  /// A copy of `headers` without those of the connection, those that `Connection` names, and
  /// `Content-Length`, which whoever sends the message sets anew.
  public static HttpHeaders strip(HttpHeaders headers) {
    HttpHeaders kept = headers.copy();
    for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
      for (String name : value.split(",", -1)) {
        kept.remove(name.strip());
      }
    }
    NAMES.forEach(kept::remove);
    return kept;
  }
}
