package dev.fairlead.app.telemetry;

import dev.fairlead.dataplane.gateway.DoorRecord;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.RequestSink;
import dev.fairlead.dataplane.telemetry.RequestSpans;
import dev.fairlead.dataplane.telemetry.SamplingRatio;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Sends the spans of requests to a collector. Safe for every thread; close it once.
final class Tracing implements RequestSink, AutoCloseable {
  private static final Duration ALLOWED = Duration.ofSeconds(10);
  private static final Duration AT_THE_END = Duration.ofSeconds(2);
  private static final int MOST_WAITING = 8_192;

  private final SdkTracerProvider provider;
  private final RequestSpans spans;

  /// Who tells.
  ///
  /// @param door where clients find the gateway
  record Source(String version, InetSocketAddress door) {}

  Tracing(SpanExporter exporter, SamplingRatio ratio, Source source, PrometheusRegistry metrics) {
    provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                "fairlead",
                                AttributeKey.stringKey("service.version"),
                                source.version()))))
            .setSampler(Sampler.alwaysOn())
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(MOST_WAITING)
                    .setExporterTimeout(ALLOWED)
                    .setScheduleDelay(Duration.ofSeconds(1))
                    .build())
            .build();
    spans =
        new RequestSpans(
            provider.get("dev.fairlead.gateway"),
            ratio,
            source.door(),
            metrics,
            Thread.ofPlatform().daemon().name("tracing").factory());
  }

  /// Over HTTP, as protobuf.
  static SpanExporter exporter(TraceExport export) {
    SdkLog.toOurs();
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(export.endpoint().toString())
            .setCompression("gzip")
            .setTimeout(ALLOWED);
    export.headers().forEach(builder::addHeader);
    return builder.build();
  }

  @Override
  public void settled(RequestRecord request) {
    spans.settled(request);
  }

  @Override
  public void refused(DoorRecord request) {
    spans.refused(request);
  }

  @Override
  public void close() {
    spans.close();
    var _ = provider.shutdown().join(AT_THE_END.toMillis(), TimeUnit.MILLISECONDS);
  }
}
