package dev.fairlead.app.config;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the spans of requests go; nowhere unless asked.
///
/// @param headersFile holds headers for the collector, such as credentials
/// @param ratio of the requests whose clients do not trace, from 0 to 1
public record Traces(Optional<URI> endpoint, Optional<Path> headersFile, double ratio) {
  private static final Option<URI> ENDPOINT =
      Option.of(
              "endpoint",
              OptionTypes.url("http", "https"),
              "An OpenTelemetry collector that takes OTLP over HTTP, such as"
                  + " http://127.0.0.1:4318; `/v1/traces` is added where there is no path.")
          .otherwise("no traces");
  private static final Option<Path> HEADERS_FILE =
      Option.of(
              "headersFile",
              OptionTypes.file(),
              "Headers for the collector, a line `name: value` for each.")
          .otherwise("none");
  private static final Option<BigDecimal> RATIO =
      Option.of(
              "ratio",
              OptionTypes.share(),
              "The share of the requests to trace. A client that sends `traceparent` decides"
                  + " for itself.")
          .byDefault(BigDecimal.ONE);

  /// The section `traces`.
  public static final Section<Traces> SECTION =
      Section.of(
          "traces",
          "Spans of requests with OpenTelemetry's GenAI attributes; see operations/requests.md.",
          List.of(ENDPOINT, HEADERS_FILE, RATIO),
          values ->
              new Traces(
                  values.find(ENDPOINT),
                  values.find(HEADERS_FILE),
                  values.get(RATIO).doubleValue()));

  public Traces {
    if (ratio > 1) {
      throw new IllegalArgumentException("`ratio` is from 0 to 1, got " + ratio);
    }
    if (endpoint.isPresent() && endpoint.orElseThrow().getHost() == null) {
      throw new IllegalArgumentException("`endpoint` has no host: " + endpoint.orElseThrow());
    }
  }
}
