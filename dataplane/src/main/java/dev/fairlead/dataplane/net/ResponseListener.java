package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Takes an upstream's response on the call's event loop: `head`, any number of `data`, then `end`;
/// or `failed` at any time. Exactly one of `end` and `failed` comes, and nothing after it; nothing
/// at all after `cancel`. Nothing is called before `send` has returned.
public interface ResponseListener {
  /// Takes the status and the headers, without hop-by-hop ones.
  void head(int status, HttpHeaders headers);

  /// Takes the next bytes of the body. The part is borrowed: retain it to keep it.
  void data(ByteBuf part);

  /// Learns that the response is complete: the last chunk or the last byte of its length has come.
  void end();

  /// Learns that there will be no complete response, a truncated one included.
  void failed(UpstreamFailure failure);
}
