package dev.fairlead.dataplane.gateway;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/// The gateway's metrics, all named `fairlead_*`: engines have theirs under the vLLM names at the
/// agents, so that sums do not count a token twice. Safe for every thread.
final class GatewayMetrics {
  private static final double[] SECONDS = {
    0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60, 120, 300, 600
  };

  private final Counter requests;
  private final Counter tokens;
  private final Counter placements;
  private final Counter overflows;
  private final Histogram firstToken;
  private final Histogram duration;

  GatewayMetrics(PrometheusRegistry registry, Topology topology) {
    requests =
        Counter.builder()
            .name("fairlead_requests_total")
            .help("Finished requests by model and outcome")
            .labelNames("model", "outcome")
            .register(registry);
    tokens =
        Counter.builder()
            .name("fairlead_tokens_total")
            .help("Tokens by model; kind is prompt, cached (a part of prompt) or completion")
            .labelNames("model", "kind")
            .register(registry);
    placements =
        Counter.builder()
            .name("fairlead_replacements_total")
            .help("Requests that were placed again, by reason")
            .labelNames("model", "reason")
            .register(registry);
    overflows =
        Counter.builder()
            .name("fairlead_overflows_total")
            .help("Requests that went elsewhere while the model's replicas started or were full")
            .labelNames("model")
            .register(registry);
    firstToken =
        Histogram.builder()
            .name("fairlead_time_to_first_token_seconds")
            .help("From the complete request to the first event of its answer")
            .labelNames("model")
            .classicUpperBounds(SECONDS)
            .register(registry);
    duration =
        Histogram.builder()
            .name("fairlead_request_duration_seconds")
            .help("From the complete request to the end of its answer")
            .labelNames("model")
            .classicUpperBounds(SECONDS)
            .register(registry);
    GaugeWithCallback.builder()
        .name("fairlead_requests_waiting")
        .help("Requests that are held until a replica has room")
        .labelNames("version")
        .callback(callback ->
            topology.queueSizes().forEach((version, size) -> callback.call(size, version)))
        .register(registry);
  }

  void finished(String model, Outcome outcome, Duration took) {
    requests.labelValues(model, outcome.label()).inc();
    duration.labelValues(model).observe(seconds(took));
  }

  void tokens(String model, long prompt, long cached, long completion) {
    tokens.labelValues(model, "prompt").inc(prompt);
    tokens.labelValues(model, "cached").inc(cached);
    tokens.labelValues(model, "completion").inc(completion);
  }

  void firstToken(String model, Duration after) {
    firstToken.labelValues(model).observe(seconds(after));
  }

  void placedAgain(String model, String reason) {
    placements.labelValues(model, reason).inc();
  }

  void overflowed(String model) {
    overflows.labelValues(model).inc();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
