package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.openai.EndpointKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Where an engine answers: a child process on this machine, or a server with the OpenAI API
/// elsewhere.
///
/// @param base the path that the API's paths are below, such as `/v1`; without a slash at its end
/// @param key the server's key, asked for with each request, so that a new one is taken up; never
///   logged
/// @param server whether it is a server that was there before and stays: it is asked for its models
///   instead of for its health, and it is sent no warm-up, which somebody would pay for
public record EngineTarget(
    String host,
    int port,
    boolean tls,
    String base,
    Supplier<Optional<String>> key,
    boolean server) {
  private static final String VERSION_PREFIX = "/v1";

  public EngineTarget {
    Checks.nonBlank(host, "host");
    requireNonNull(base, "base is null");
    requireNonNull(key, "key is null");
  }

  /// An engine that was started for this agent.
  static EngineTarget child(String host, int port) {
    return new EngineTarget(host, port, false, VERSION_PREFIX, Optional::empty, false);
  }

  /// A server with the OpenAI API, by the URL below which its `/models` is.
  ///
  /// @throws IllegalArgumentException when it is no http or https URL with a host
  public static EngineTarget server(String baseUrl, Supplier<Optional<String>> key) {
    URI url = URI.create(baseUrl);
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String host = url.getHost();
    if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException("not an http or https URL: " + baseUrl);
    }
    boolean tls = scheme.equals("https");
    int usual = tls ? 443 : 80;
    return new EngineTarget(
        host.replaceAll("^\\[|\\]$", ""),
        url.getPort() == -1 ? usual : url.getPort(),
        tls,
        Optional.ofNullable(url.getRawPath()).orElse("").replaceAll("/+$", ""),
        key,
        true);
  }

  String path(EndpointKind kind) {
    return base + kind.path().substring(VERSION_PREFIX.length());
  }

  /// What is asked for to see whether it is well.
  String probePath() {
    return server ? base + "/models" : "/health";
  }

  /// Who it is, where it is said what it answered to a probe.
  String asked() {
    return server ? "%s:%d%s".formatted(host, port, probePath()) : "the engine";
  }

  void authenticate(HttpHeaders headers) {
    key.get().ifPresent(secret -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + secret));
  }

  @Override
  public String toString() {
    return "%s:%d%s".formatted(host, port, base);
  }
}
