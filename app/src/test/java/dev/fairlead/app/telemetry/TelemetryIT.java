package dev.fairlead.app.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.app.config.AccessLogging;
import dev.fairlead.app.config.Traces;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.TraceParent;
import dev.fairlead.dataplane.telemetry.SamplingRatio;
import dev.fairlead.testkit.Ports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryIT {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @TempDir Path folder;

  @Test
  void aCollectorGetsTheSpansOfARequest() throws IOException {
    try (FakeCollector collector = new FakeCollector()) {
      try (Telemetry telemetry = telemetry(collector.url(), SamplingRatio.ALL)) {
        settle(telemetry, settled("req_1", Optional.of(new TraceParent(TRACE, SPAN, true))));
        await().atMost(Duration.ofSeconds(10)).until(() -> collector.spans().size() == 4);
      }

      FakeCollector.Received root = span(collector, "chat chat");
      assertThat(root.traceId()).isEqualTo(TRACE);
      assertThat(root.parentId()).isEqualTo(SPAN);
      assertThat(root.nanos()).isEqualTo(Duration.ofMillis(7_001).toNanos());
      assertThat(root.attributes())
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.usage.output_tokens", 412L)
          .containsEntry("server.address", "127.0.0.1")
          .containsEntry("server.port", 8080L);
      assertThat(root.resource())
          .containsEntry("service.name", "fairlead")
          .containsEntry("service.version", "1.2.3")
          .doesNotContainKey("host.name");
      assertThat(span(collector, "prefill").nanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
      assertThat(collector.authorizations()).containsOnly("Bearer of the collector");
    }
  }

  @Test
  void whatIsSettledBeforeTheEndIsSentAndAShareOfNothingOnlyWhereTheClientTraces()
      throws IOException {
    try (FakeCollector collector = new FakeCollector()) {
      try (Telemetry telemetry = telemetry(collector.url(), new SamplingRatio(0))) {
        settle(telemetry, settled("req_1", Optional.empty()));
        settle(telemetry, settled("req_2", Optional.of(new TraceParent(TRACE, SPAN, false))));
        settle(telemetry, settled("req_3", Optional.of(new TraceParent(TRACE, SPAN, true))));
      }

      assertThat(collector.spans())
          .filteredOn(one -> one.name().equals("chat chat"))
          .singleElement()
          .satisfies(
              one -> assertThat(one.attributes()).containsEntry("fairlead.request.id", "req_3"));
    }
  }

  @Test
  void aCollectorThatIsNotThereHoldsUpNeitherRequestsNorTheEnd() throws IOException {
    URI nobody = URI.create("http://127.0.0.1:" + Ports.free());
    try (Telemetry telemetry = telemetry(nobody, SamplingRatio.ALL)) {
      for (int i = 0; i < 50_000; i++) {
        settle(telemetry, settled("req_" + i, Optional.empty()));
      }
    }
  }

  @Test
  void nothingIsToldUnlessAsked() throws IOException {
    try (Telemetry telemetry = Telemetry.start(Telemetry.Settings.NONE, source())) {
      assertThat(telemetry.sinks()).isEmpty();
    }
  }

  @Test
  void theAccessLogGoesToItsFile() throws IOException {
    Path file = folder.resolve("access.log");
    try (Telemetry telemetry =
        Telemetry.start(
            new Telemetry.Settings(Optional.of(new AccessLogTarget.File(file)), Optional.empty()),
            source())) {
      settle(telemetry, settled("req_1", Optional.empty()));
    }

    assertThat(file).content().contains("\"id\":\"req_1\"").hasLineCount(1);
  }

  @Test
  void anEndpointIsAUrlWithOrWithoutAPath() {
    assertThat(export("http://collector:4318").endpoint())
        .hasToString("http://collector:4318/v1/traces");
    assertThat(export("https://collector/otlp/v1/traces").endpoint())
        .hasToString("https://collector/otlp/v1/traces");
    assertThat(TraceExport.headers(List.of("authorization: Bearer x:y", "", "api-key:1")))
        .isEqualTo(Map.of("authorization", "Bearer x:y", "api-key", "1"));
    assertThat(export("http://collector").toString()).doesNotContain("Bearer");
  }

  @Test
  void whatIsConfiguredIsAsked() throws IOException {
    Path headers = Files.writeString(folder.resolve("headers"), "authorization: Bearer x\n");
    Path file = folder.resolve("access.log");

    Telemetry.Settings settings =
        Telemetry.Settings.of(
            new AccessLogging(Optional.of(file), false),
            new Traces(Optional.of(URI.create("http://c")), Optional.of(headers), 0.5));

    assertThat(settings.accessLog()).contains(new AccessLogTarget.File(file));
    assertThat(settings.traces())
        .contains(
            new TraceExport(
                URI.create("http://c/v1/traces"),
                Map.of("authorization", "Bearer x"),
                new SamplingRatio(0.5)));
    assertThat(
            Telemetry.Settings.of(
                new AccessLogging(Optional.empty(), false),
                new Traces(Optional.empty(), Optional.empty(), 1)))
        .isEqualTo(Telemetry.Settings.NONE);
  }

  private static TraceExport export(String url) {
    return new TraceExport(URI.create(url), Map.of("authorization", "Bearer x"), SamplingRatio.ALL);
  }

  private static Telemetry telemetry(URI collector, SamplingRatio ratio) throws IOException {
    TraceExport export =
        new TraceExport(collector, Map.of("authorization", "Bearer of the collector"), ratio);
    return Telemetry.start(new Telemetry.Settings(Optional.empty(), Optional.of(export)), source());
  }

  private static Telemetry.Source source() {
    return new Telemetry.Source(
        "1.2.3",
        InetSocketAddress.createUnresolved("127.0.0.1", 8080),
        new PrometheusRegistry(),
        () -> NOW);
  }

  private static void settle(Telemetry telemetry, RequestRecord settled) {
    telemetry.sinks().forEach(sink -> sink.settled(settled));
  }

  private static FakeCollector.Received span(FakeCollector collector, String name) {
    return collector.spans().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static RequestRecord settled(String id, Optional<TraceParent> trace) {
    return new RequestRecord(
        id,
        NOW,
        Caller.ANONYMOUS,
        "",
        "chat",
        "chat",
        true,
        "success",
        new RequestRecord.Path("chat-1", "chat-1-abc", 2, false, 0),
        new RequestRecord.Times(
            Duration.ofMillis(1),
            Duration.ZERO,
            Duration.ofSeconds(4),
            Optional.of(Duration.ofSeconds(1)),
            Duration.ofSeconds(7)),
        new RequestRecord.Tokens(5_812, 12, 412, false),
        new RequestRecord.Ending(200, "", "stop"),
        trace);
  }
}
