package dev.fairlead.dataplane.net;

/// What a request may weigh. All sizes are bytes; a body over its limit is answered 413, a request
/// line 414, headers 431.
public record RequestLimits(
    int maxRequestLine, int maxHeaderBytes, int maxHeaderCount, long maxBodyBytes) {
  public RequestLimits {
    Checks.positive(maxRequestLine, "maxRequestLine");
    Checks.positive(maxHeaderBytes, "maxHeaderBytes");
    Checks.positive(maxHeaderCount, "maxHeaderCount");
    Checks.nonNegative(maxBodyBytes, "maxBodyBytes");
  }

  /// 8 KiB of request line, 32 KiB in 100 headers, 32 MiB of body (a few images or 8 million
  /// tokens).
  public static RequestLimits defaults() {
    return new RequestLimits(8 << 10, 32 << 10, 100, 32L << 20);
  }

  /// The same with another limit of the body.
  public RequestLimits withMaxBodyBytes(long bytes) {
    return new RequestLimits(maxRequestLine, maxHeaderBytes, maxHeaderCount, bytes);
  }
}
