package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.CompletionLengths;
import dev.fairlead.core.admit.Limit;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Verdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What the admission of all requests of a gateway shares: the store of limits, and what was
/// learned of the models' answers. Safe for every thread.
final class Admissions {
  /// Reserved for a model's answer before anything is known of its answers.
  private static final long UNKNOWN_COMPLETION = 1_024;

  private final LimitStore store;
  private final Counter refused;
  private final Map<String, CompletionLengths> lengths = new ConcurrentHashMap<>();

  Admissions(LimitStore store, PrometheusRegistry registry) {
    this.store = store;
    this.refused =
        Counter.builder()
            .name("fairlead_limited_requests_total")
            .help("Requests that a limit of their tenant refused")
            .labelNames("tenant", "limit")
            .register(registry);
  }

  /// As {@link LimitStore#reserve}.
  void reserve(Ask ask, Consumer<Verdict> answer) {
    store.reserve(ask, answer);
  }

  void refused(String tenant, Limit limit) {
    refused.labelValues(tenant, limit.name().toLowerCase(Locale.ROOT)).inc();
  }

  /// A model gave a whole answer of so many tokens to a request that set no bound to it.
  void answered(String model, long completionTokens) {
    CompletionLengths known = lengths(model);
    synchronized (known) {
      known.add(completionTokens);
    }
  }

  /// The tokens that an answer of the model takes at most in 95 of 100 cases.
  long completionTokens(String model) {
    CompletionLengths known = lengths(model);
    synchronized (known) {
      return known.p95();
    }
  }

  private CompletionLengths lengths(String model) {
    return lengths.computeIfAbsent(model, _ -> new CompletionLengths(UNKNOWN_COMPLETION));
  }
}
