package dev.fairlead.dataplane.net;

import static java.util.Objects.requireNonNullElse;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Optional;

/// Decides whether a request's head may be served, so that no two readers of a message can disagree
/// where it ends (request smuggling, RFC 9112, section 11.2). Pure.
final class RequestChecks {
  private static final String TOKEN_EXTRAS = "!#$%&'*+-.^_`|~";
  private static final String HOST_EXTRAS = ".-_~:[]";

  private RequestChecks() {}

  /// Says why a head is refused; empty when it may be served.
  static Optional<Refusal> refusal(HttpRequest request, RequestLimits limits) {
    if (request.decoderResult().isFailure()) {
      return Optional.of(undecodable(request.decoderResult().cause(), limits));
    }
    if (request.protocolVersion().majorVersion() != 1) {
      return Optional.of(
          new Refusal(505, "http_version_not_supported", "Only HTTP/1.1 and 1.0 are served."));
    }
    if (!consistsOf(request.method().name(), TOKEN_EXTRAS)) {
      return bad("The method is malformed.");
    }
    if (request.headers().size() > limits.maxHeaderCount()) {
      return Optional.of(tooManyHeaders(limits));
    }
    boolean old = request.protocolVersion().minorVersion() == 0;
    Optional<Refusal> refusal = host(request.headers(), old);
    if (refusal.isEmpty()) {
      refusal = framing(request.headers(), old);
    }
    if (refusal.isEmpty()) {
      refusal = expectation(request.headers());
    }
    return refusal.isEmpty() ? length(request.headers(), limits) : refusal;
  }

  /// Puts into words what the decoder could not read.
  static Refusal undecodable(Throwable cause, RequestLimits limits) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          new Refusal(
              414,
              "request_line_too_long",
              "The request's first line is over %d bytes.".formatted(limits.maxRequestLine()));
      case TooLongHttpHeaderException _ ->
          new Refusal(
              431,
              "headers_too_large",
              "The request's headers are over %d bytes.".formatted(limits.maxHeaderBytes()));
      default ->
          Refusal.badRequest(
              "The request is not valid HTTP: "
                  + requireNonNullElse(cause.getMessage(), "malformed")
                  + ".");
    };
  }

  /// The same behind the head, where a line is that of a chunk.
  static Refusal undecodableBody(Throwable cause, RequestLimits limits) {
    return cause instanceof TooLongHttpLineException
        ? Refusal.badRequest("The line of a chunk is too long.")
        : undecodable(cause, limits);
  }

  private static Refusal tooManyHeaders(RequestLimits limits) {
    return new Refusal(
        431,
        "too_many_headers",
        "The request has more than %d headers.".formatted(limits.maxHeaderCount()));
  }

  private static Optional<Refusal> host(HttpHeaders headers, boolean old) {
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1) {
      return bad("The request has two Host headers.");
    }
    if (hosts.isEmpty()) {
      return old ? Optional.empty() : bad("The request has no Host header.");
    }
    return hosts.getFirst().isEmpty() || consistsOf(hosts.getFirst(), HOST_EXTRAS)
        ? Optional.empty()
        : bad("The Host header is malformed.");
  }

  private static Optional<Refusal> framing(HttpHeaders headers, boolean old) {
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (!codings.isEmpty()) {
      if (old) {
        return bad("HTTP/1.0 has no Transfer-Encoding.");
      }
      if (!lengths.isEmpty()) {
        return bad("The request has both Content-Length and Transfer-Encoding.");
      }
      if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
        return bad("The only Transfer-Encoding that is served is `chunked`.");
      }
    }
    if (lengths.size() > 1) {
      return bad("The request has two Content-Length headers.");
    }
    return lengths.isEmpty() || isLength(lengths.getFirst())
        ? Optional.empty()
        : bad("The Content-Length is malformed.");
  }

  private static Optional<Refusal> expectation(HttpHeaders headers) {
    String expect = headers.get(HttpHeaderNames.EXPECT);
    return expect == null || expect.equalsIgnoreCase("100-continue")
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                417, "expectation_failed", "The only Expect that is served is `100-continue`."));
  }

  private static Optional<Refusal> length(HttpHeaders headers, RequestLimits limits) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return length != null && Long.parseLong(length) > limits.maxBodyBytes()
        ? Optional.of(Refusal.bodyTooLarge(limits.maxBodyBytes()))
        : Optional.empty();
  }

  private static boolean isLength(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return !value.isEmpty() && value.length() <= 18;
  }

  private static boolean consistsOf(String text, String extras) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && extras.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isLetterOrDigit(int c) {
    return c < 0x80 && Character.isLetterOrDigit(c);
  }

  private static Optional<Refusal> bad(String message) {
    return Optional.of(Refusal.badRequest(message));
  }
}
