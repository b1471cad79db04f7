package dev.fairlead.app.telemetry;

import dev.fairlead.app.config.Traces;
import dev.fairlead.dataplane.telemetry.SamplingRatio;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where spans go, and those of which requests.
///
/// @param endpoint of a collector that takes OTLP over HTTP; `/v1/traces` unless it has a path
/// @param headers for the collector, such as credentials
/// @param ratio of the requests whose clients do not trace
public record TraceExport(URI endpoint, Map<String, String> headers, SamplingRatio ratio) {
  public TraceExport {
    String path = endpoint.getPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      endpoint = endpoint.resolve("/v1/traces");
    }
    headers = Map.copyOf(headers);
  }

  /// Empty where nothing shall be sent; an exception means that the file of the headers cannot be
  /// read.
  static Optional<TraceExport> of(Traces configured) throws IOException {
    if (configured.endpoint().isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> file = configured.headersFile();
    return Optional.of(
        new TraceExport(
            configured.endpoint().orElseThrow(),
            headers(file.isPresent() ? Files.readAllLines(file.orElseThrow()) : List.of()),
            new SamplingRatio(configured.ratio())));
  }

  /// The headers of lines such as `api-key: 1`; others are left out.
  static Map<String, String> headers(List<String> lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  /// The headers stay out of logs.
  @Override
  public String toString() {
    return "TraceExport[endpoint=%s, ratio=%s]".formatted(endpoint, ratio);
  }
}
