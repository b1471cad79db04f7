package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.openai.Usage;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Set;

/// Measures an engine from outside, under the names that vLLM gives to the same things, so that
/// boards, scaling rules and endpoint pickers made for vLLM work with every engine. The KV cache's
/// usage is missing: it cannot be seen from outside. Safe for every thread.
final class AgentMetrics {
  private static final String MODEL = "model_name";
  private static final Set<String> REASONS =
      Set.of("stop", "length", "tool_calls", "content_filter");
  private static final double[] LONG = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
    80, 160, 640
  };
  private static final double[] BETWEEN_TOKENS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 10, 20
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final String model;
  private final GaugeDataPoint running;
  private final GaugeDataPoint waiting;
  private final DistributionDataPoint firstToken;
  private final DistributionDataPoint betweenTokens;
  private final DistributionDataPoint whole;
  private final DistributionDataPoint queued;
  private final CounterDataPoint promptTokens;
  private final CounterDataPoint generatedTokens;
  private final CounterDataPoint cacheQueries;
  private final CounterDataPoint cacheHits;
  private final Counter success;

  AgentMetrics(String model) {
    this.model = model;
    running = gauge("vllm:num_requests_running", "Requests that the engine works on.");
    waiting = gauge("vllm:num_requests_waiting", "Requests that wait for the engine.");
    firstToken =
        histogram("vllm:time_to_first_token_seconds", "From the request to its first token.", LONG);
    betweenTokens =
        histogram("vllm:inter_token_latency_seconds", "Between two tokens.", BETWEEN_TOKENS);
    whole =
        histogram("vllm:e2e_request_latency_seconds", "From the request to its last token.", LONG);
    queued = histogram("vllm:request_queue_time_seconds", "Waiting for the engine.", LONG);
    promptTokens = counter("vllm:prompt_tokens", "Tokens of prompts.");
    generatedTokens = counter("vllm:generation_tokens", "Tokens of answers.");
    cacheQueries = counter("vllm:prefix_cache_queries", "Prompt tokens looked up in the KV cache.");
    cacheHits = counter("vllm:prefix_cache_hits", "Prompt tokens found in the KV cache.");
    success =
        Counter.builder()
            .name("vllm:request_success")
            .help("Requests answered in full, by finish reason.")
            .labelNames(MODEL, "finished_reason")
            .register(registry);
    REASONS.forEach(reason -> success.initLabelValues(model, reason));
  }

  PrometheusRegistry registry() {
    return registry;
  }

  void occupancy(int nowRunning, int nowWaiting) {
    running.set(nowRunning);
    waiting.set(nowWaiting);
  }

  void queued(Duration time) {
    queued.observe(seconds(time));
  }

  void firstToken(Duration sinceArrival) {
    firstToken.observe(seconds(sinceArrival));
  }

  /// Several tokens that came at once share the time since the last one before them.
  void tokens(long count, Duration sinceLast) {
    double each = seconds(sinceLast) / count;
    for (long i = 0; i < count; i++) {
      betweenTokens.observe(each);
    }
  }

  /// An answer was given in full.
  void succeeded(String finishReason, Duration sinceArrival) {
    success.labelValues(model, REASONS.contains(finishReason) ? finishReason : "other").inc();
    whole.observe(seconds(sinceArrival));
  }

  /// The engine has told what an answer took.
  void usage(Usage usage) {
    promptTokens.inc(usage.promptTokens());
    generatedTokens.inc(usage.completionTokens());
    cacheQueries.inc(usage.promptTokens());
    cacheHits.inc(usage.cachedTokens());
  }

  /// The engine did not come to tell what an answer took.
  void generatedWithoutUsage(long tokens) {
    generatedTokens.inc(tokens);
  }

  private GaugeDataPoint gauge(String name, String help) {
    return Gauge.builder()
        .name(name)
        .help(help)
        .labelNames(MODEL)
        .register(registry)
        .labelValues(model);
  }

  private CounterDataPoint counter(String name, String help) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(MODEL)
        .register(registry)
        .labelValues(model);
  }

  private DistributionDataPoint histogram(String name, String help, double[] bounds) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .labelNames(MODEL)
        .classicOnly()
        .classicUpperBounds(bounds)
        .register(registry)
        .labelValues(model);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
