package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.route.ReplicaHealth;
import dev.fairlead.dataplane.limits.LocalLimitStore;
import dev.fairlead.dataplane.limits.RedisLimitStore;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.telemetry.AccessLog;
import dev.fairlead.dataplane.telemetry.LogTarget;
import dev.fairlead.dataplane.telemetry.RequestSpans;
import dev.fairlead.dataplane.telemetry.SamplingRatio;
import io.opentelemetry.api.OpenTelemetry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GatewayMetricsIT {
  private static final Path PAGE = Path.of("..", "docs", "operations", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(fairlead_[a-z0-9_]+?)(?:_total)?` \\|");

  /// The program that opens the ledger tells of it; nothing here sees that.
  private static final String OF_THE_LEDGER = "fairlead_usage_";

  @Test
  void thePageOfMetricsListsEachOfTheGatewayAndNoOther() throws IOException {
    List<String> measured = new ArrayList<>();
    PrometheusRegistry registry =
        new PrometheusRegistry() {
          @Override
          public void register(Collector collector) {
            measured.add(collector.collect().getMetadata().getName());
          }
        };
    try (EventLoops loops = EventLoops.start(1, "metrics");
        HttpClient client = new HttpClient(ClientOptions.defaults(), loops);
        Topology topology = new Topology(loops, client, "token", GatewayMetricsIT::healths)) {
      var _ =
          new GatewayMetrics(
              registry, topology, new Retries(Resilience.defaults(), () -> Instant.EPOCH));
      new AccessLog(LogTarget.standardOutput(), registry, InstantSource.system(), Thread::new)
          .close();
      new RequestSpans(
              OpenTelemetry.noop().getTracer("none"),
              SamplingRatio.ALL,
              InetSocketAddress.createUnresolved("localhost", 8080),
              registry,
              Thread::new)
          .close();
      var _ = new Admissions(LocalLimitStore.empty(InstantSource.system()), registry);
      RedisLimitStore.degradedGauge(registry, () -> false);
      var _ = new Door(List.of(), registry, InstantSource.system(), () -> "");
    }

    List<String> listed =
        ROW.matcher(Files.readString(PAGE))
            .results()
            .map(row -> row.group(1))
            .filter(name -> !name.startsWith(OF_THE_LEDGER))
            .toList();

    assertThat(listed).containsExactlyInAnyOrderElementsOf(measured);
  }

  private static ReplicaHealths healths() {
    return new ReplicaHealths(ReplicaHealth.Policy.defaults(), () -> Instant.EPOCH);
  }
}
