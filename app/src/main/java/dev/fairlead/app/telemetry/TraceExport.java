package dev.fairlead.app.telemetry;

import dev.fairlead.dataplane.telemetry.SamplingRatio;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Where spans go, and those of which requests.
///
/// @param endpoint of a collector that takes OTLP over HTTP; `/v1/traces` unless it has a path
/// @param headers for the collector, such as credentials
/// @param ratio of the requests whose clients do not trace
public record TraceExport(URI endpoint, Map<String, String> headers, SamplingRatio ratio) {
  /// The variable of OpenTelemetry in which credentials come: a command line is seen by everyone.
  public static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

  private static final Set<String> SCHEMES = Set.of("http", "https");

  public TraceExport {
    String scheme = endpoint.getScheme();
    if (scheme == null || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("endpoint is not an http(s) URL: " + endpoint);
    }
    if (endpoint.getHost() == null) {
      throw new IllegalArgumentException("endpoint has no host: " + endpoint);
    }
    String path = endpoint.getPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      endpoint = endpoint.resolve("/v1/traces");
    }
    headers = Map.copyOf(headers);
  }

  /// Reads `name=value,name=value`, as the variable has it.
  public static Map<String, String> headers(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        headers.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
    return headers;
  }
}
