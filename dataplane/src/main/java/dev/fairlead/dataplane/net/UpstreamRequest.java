package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;

/// What to send to an upstream. `Host`, `Content-Length` and `Connection` are set by the client,
/// hop-by-hop headers are dropped.
///
/// @param host an address or a name, which is resolved off the loop
/// @param tls whether the connection is encrypted and the server's certificate checked
/// @param target the path with its query
/// @param body the whole body, which stays the caller's: the client takes a reference of its own
///   for the time of the call and does not move the indices
public record UpstreamRequest(
    String host,
    int port,
    boolean tls,
    String method,
    String target,
    HttpHeaders headers,
    ByteBuf body,
    UpstreamTimeouts timeouts) {
  public UpstreamRequest {
    requireNonNull(host, "host is null");
    Checks.port(port, 1, "port");
    requireNonNull(method, "method is null");
    if (!requireNonNull(target, "target is null").startsWith("/")) {
      throw new IllegalArgumentException("target does not start with /: " + target);
    }
    requireNonNull(headers, "headers is null");
    requireNonNull(body, "body is null");
    requireNonNull(timeouts, "timeouts is null");
  }

  /// A request in clear text.
  public UpstreamRequest(
      String host,
      int port,
      String method,
      String target,
      HttpHeaders headers,
      ByteBuf body,
      UpstreamTimeouts timeouts) {
    this(host, port, false, method, target, headers, body, timeouts);
  }

  /// A GET without a body.
  public static UpstreamRequest get(
      String host, int port, String target, HttpHeaders headers, UpstreamTimeouts timeouts) {
    return new UpstreamRequest(host, port, "GET", target, headers, Unpooled.EMPTY_BUFFER, timeouts);
  }
}
