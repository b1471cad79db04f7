package dev.fairlead.dataplane.gateway;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The gateway's metrics, all named `fairlead_*`: engines have theirs under the vLLM names at the
/// agents, so that sums do not count a token twice. Safe for every thread.
final class GatewayMetrics {
  private static final double[] SECONDS = {
    0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60, 120, 300, 600
  };

  private final Counter requests;
  private final Counter tokens;
  private final Counter placements;
  private final Counter withheld;
  private final Counter overflows;
  private final Histogram firstToken;
  private final Histogram duration;
  private final Map<String, ModelSeries> models = new ConcurrentHashMap<>();

  GatewayMetrics(PrometheusRegistry registry, Topology topology, Retries retries) {
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
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    duration =
        Histogram.builder()
            .name("fairlead_request_duration_seconds")
            .help("From the complete request to the end of its answer")
            .labelNames("model")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    GaugeWithCallback.builder()
        .name("fairlead_requests_waiting")
        .help("Requests that are held until a replica has room")
        .labelNames("version")
        .callback(callback ->
            topology.queueSizes().forEach((version, size) -> callback.call(size, version)))
        .register(registry);
    withheld =
        Counter.builder()
            .name("fairlead_retries_withheld_total")
            .help("Failures that were not retried; reason is budget, replay or replicas")
            .labelNames("model", "reason")
            .register(registry);
    replicas(registry, topology, retries);
  }

  private static void replicas(PrometheusRegistry registry, Topology topology, Retries retries) {
    CounterWithCallback.builder()
        .name("fairlead_ejections_total")
        .help("How often a replica was left out because its requests failed")
        .labelNames("version")
        .callback(callback ->
            topology.forEachQueue(
                (version, queue) -> callback.call((double) queue.ejections(), version)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("fairlead_replicas_ejected")
        .help("Replicas that are left out, or being tried")
        .labelNames("version")
        .callback(callback ->
            topology.forEachQueue((version, queue) -> callback.call(queue.ejected(), version)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("fairlead_replay_bytes")
        .help("Bytes of requests that are kept so that they can be placed again")
        .callback(callback -> callback.call((double) retries.keptBytes()))
        .register(registry);
  }

  void finished(String model, Outcome outcome, Duration took) {
    ModelSeries series = series(model);
    series
        .requests()
        .computeIfAbsent(outcome, ended -> requests.labelValues(model, ended.label()))
        .inc();
    series.duration().observe(seconds(took));
  }

  void tokens(String model, long prompt, long cached, long completion) {
    ModelSeries series = series(model);
    series.promptTokens().inc(prompt);
    series.cachedTokens().inc(cached);
    series.completionTokens().inc(completion);
  }

  void firstToken(String model, Duration after) {
    series(model).firstToken().observe(seconds(after));
  }

  private ModelSeries series(String model) {
    ModelSeries known = models.get(model);
    return known == null ? models.computeIfAbsent(model, this::newSeries) : known;
  }

  private ModelSeries newSeries(String model) {
    return new ModelSeries(
        new ConcurrentHashMap<>(),
        tokens.labelValues(model, "prompt"),
        tokens.labelValues(model, "cached"),
        tokens.labelValues(model, "completion"),
        firstToken.labelValues(model),
        duration.labelValues(model));
  }

  void placedAgain(String model, String reason) {
    placements.labelValues(model, reason).inc();
  }

  void retryWithheld(String model, String reason) {
    withheld.labelValues(model, reason).inc();
  }

  void overflowed(String model) {
    overflows.labelValues(model).inc();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
