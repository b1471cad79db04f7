package dev.fairlead.dataplane.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.fairlead.dataplane.gateway.DoorRecord;
import dev.fairlead.dataplane.gateway.GatewayRecord;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.RequestSink;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/// Writes a line of JSON for every request, without a word of its content. Event loops hand their
/// records over and never wait for the writing; see {@link RecordWriter}. Safe for every thread.
public final class AccessLog implements RequestSink, AutoCloseable {
  /// A second of the most that a gateway relays; about 8 MB when it is full.
  private static final int CAPACITY = 16_384;

  private final RecordWriter writer;

  /// @param target what it writes to, and closes
  public AccessLog(
      LogTarget target, PrometheusRegistry metrics, InstantSource clock, ThreadFactory threads) {
    writer =
        new RecordWriter(
            "access log",
            CAPACITY,
            new Lines(target, clock),
            Counter.builder()
                .name("fairlead_access_log_dropped_total")
                .help("Requests that the access log does not have because it could not be written")
                .register(metrics)
                .labelValues(),
            threads);
  }

  @Override
  public void settled(RequestRecord request) {
    writer.settled(request);
  }

  @Override
  public void refused(DoorRecord request) {
    writer.refused(request);
  }

  @Override
  public void close() {
    writer.close();
  }

  /// Formats batches. Confined to the writer's thread.
  static final class Lines implements RecordConsumer {
    private static final JsonFactory JSON = new JsonFactory();

    private final LogTarget target;
    private final InstantSource clock;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(64 << 10);
    private boolean broken;

    Lines(LogTarget target, InstantSource clock) {
      this.target = target;
      this.clock = clock;
    }

    @Override
    public void tell(List<? extends GatewayRecord> records, long dropped) throws IOException {
      text.reset();
      if (broken) {
        // A disk that was full may have taken half a line.
        text.write('\n');
      }
      try (JsonGenerator json = JSON.createGenerator(text)) {
        json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        if (dropped > 0) {
          dropped(json, dropped);
        }
        for (GatewayRecord record : records) {
          line(json, record);
        }
      }
      text.write('\n');
      broken = true;
      target.write(text.toByteArray());
      broken = false;
    }

    private void dropped(JsonGenerator json, long count) throws IOException {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().toString());
      json.writeNumberField("dropped", count);
      json.writeEndObject();
    }

    private static void line(JsonGenerator json, GatewayRecord record) throws IOException {
      json.writeStartObject();
      json.writeStringField("time", record.arrived().toString());
      json.writeStringField("id", record.id());
      switch (record) {
        case RequestRecord settled -> fields(json, settled);
        case DoorRecord refused -> fields(json, refused);
      }
      if (record.trace().isPresent()) {
        json.writeStringField("traceId", record.trace().orElseThrow().traceId());
      }
      json.writeEndObject();
    }

    private static void fields(JsonGenerator json, DoorRecord refused) throws IOException {
      json.writeStringField("tenant", refused.sender().tenant());
      json.writeStringField("key", refused.sender().key());
      json.writeStringField("address", refused.sender().address());
      json.writeStringField("method", refused.asked().method());
      json.writeStringField("path", refused.asked().path());
      json.writeStringField("outcome", refused.outcome());
      json.writeNumberField("status", refused.status());
      json.writeStringField("error", refused.error());
      millis(json, "totalMillis", refused.took());
    }

    private static void fields(JsonGenerator json, RequestRecord settled) throws IOException {
      json.writeStringField("tenant", settled.caller().tenant().name());
      json.writeStringField("key", settled.caller().key());
      json.writeStringField("model", settled.model());
      json.writeStringField("version", settled.path().version());
      json.writeStringField("replica", settled.path().replica());
      json.writeStringField("kind", settled.kind());
      json.writeBooleanField("stream", settled.stream());
      json.writeStringField("outcome", settled.outcome());
      json.writeNumberField("status", settled.ending().status());
      json.writeStringField("error", settled.ending().error());
      json.writeStringField("finishReason", settled.ending().finishReason());
      numbers(json, settled);
    }

    private static void numbers(JsonGenerator json, RequestRecord settled) throws IOException {
      RequestRecord.Tokens tokens = settled.tokens();
      json.writeNumberField("promptTokens", tokens.prompt());
      json.writeNumberField("cachedTokens", tokens.cached());
      json.writeNumberField("completionTokens", tokens.completion());
      RequestRecord.Times times = settled.times();
      millis(json, "queueMillis", times.queue());
      if (times.firstEvent().isPresent()) {
        millis(json, "firstEventMillis", times.firstEvent().orElseThrow());
      }
      millis(json, "totalMillis", times.total());
    }

    private static void millis(JsonGenerator json, String name, Duration time) throws IOException {
      json.writeNumberField(name, Math.round(time.toNanos() / 1e5) / 10.0);
    }

    @Override
    public void end() throws IOException {
      target.close();
    }
  }
}
