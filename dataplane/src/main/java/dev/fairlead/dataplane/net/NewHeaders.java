package dev.fairlead.dataplane.net;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/// Makes the headers of messages that this process writes. What is put in is not checked there: it
/// is when the head is written, and once is enough. Pure.
public final class NewHeaders {
  private static final HttpHeadersFactory FACTORY =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private NewHeaders() {}

  /// No header yet.
  public static HttpHeaders empty() {
    return FACTORY.newHeaders();
  }
}
