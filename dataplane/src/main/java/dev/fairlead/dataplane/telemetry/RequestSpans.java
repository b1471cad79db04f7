package dev.fairlead.dataplane.telemetry;

import dev.fairlead.dataplane.gateway.DoorRecord;
import dev.fairlead.dataplane.gateway.GatewayRecord;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.RequestSink;
import dev.fairlead.dataplane.gateway.TraceParent;
import io.opentelemetry.api.trace.Tracer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/// Makes spans of settled requests, those of a traced client and a share of the others. An event
/// loop only decides whether; a thread makes them. Safe for every thread.
public final class RequestSpans implements RequestSink, AutoCloseable {
  private static final int CAPACITY = 4_096;

  private final RecordWriter writer;
  private final SamplingRatio ratio;

  /// @param tracer must keep whatever it is given: what is not to be sampled never reaches it
  /// @param door where clients find the gateway
  public RequestSpans(
      Tracer tracer,
      SamplingRatio ratio,
      InetSocketAddress door,
      PrometheusRegistry metrics,
      ThreadFactory threads) {
    this.ratio = ratio;
    writer =
        new RecordWriter(
            "tracing",
            CAPACITY,
            new Maker(new SpanTree(tracer, door), new DoorSpan(tracer, door)),
            Counter.builder()
                .name("fairlead_traces_dropped_total")
                .help("Sampled requests without spans because they came too fast")
                .register(metrics)
                .labelValues(),
            threads);
  }

  /// A client that traces decides for its request, as W3C Trace Context means it.
  @Override
  public void settled(RequestRecord request) {
    if (isSampled(request)) {
      writer.settled(request);
    }
  }

  @Override
  public void refused(DoorRecord request) {
    if (isSampled(request)) {
      writer.refused(request);
    }
  }

  private boolean isSampled(GatewayRecord request) {
    return request.trace().map(TraceParent::sampled).orElseGet(() -> ratio.takes(request.id()));
  }

  @Override
  public void close() {
    writer.close();
  }

  private record Maker(SpanTree spans, DoorSpan refusals) implements RecordConsumer {
    @Override
    public void tell(List<? extends GatewayRecord> records, long dropped) throws IOException {
      for (GatewayRecord record : records) {
        switch (record) {
          case RequestRecord settled -> spans.make(settled);
          case DoorRecord refused -> refusals.make(refused);
        }
      }
    }

    @Override
    public void end() {}
  }
}
