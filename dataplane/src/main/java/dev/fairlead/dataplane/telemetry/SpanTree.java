package dev.fairlead.dataplane.telemetry;

import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the spans of one request after it has ended, with the names of OpenTelemetry's semantic
/// conventions for generative AI (1.37). Stateless.
///
/// ```
/// chat MODEL         ├──────────────────────────────────────┤  with all attributes
///   queue              ├────────┤
///   prefill                     ├────────┤                     of a stream
///   decode                               ├─────────────────┤
///   engine                      ├──────────────────────────┤  of a whole answer, instead of both
/// ```
record SpanTree(Tracer tracer, InetSocketAddress door) {
  private static final AttributeKey<String> OPERATION = text("gen_ai.operation.name");
  private static final AttributeKey<String> PROVIDER = text("gen_ai.provider.name");
  private static final AttributeKey<String> REQUEST_MODEL = text("gen_ai.request.model");
  private static final AttributeKey<String> RESPONSE_MODEL = text("gen_ai.response.model");
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  private static final AttributeKey<Long> INPUT_TOKENS = number("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> CACHED_TOKENS =
      number("gen_ai.usage.cache_read.input_tokens");
  private static final AttributeKey<Long> OUTPUT_TOKENS = number("gen_ai.usage.output_tokens");
  static final AttributeKey<String> SERVER_ADDRESS = text("server.address");
  static final AttributeKey<Long> SERVER_PORT = number("server.port");
  static final AttributeKey<String> ERROR_TYPE = text("error.type");
  static final AttributeKey<Long> STATUS = number("http.response.status_code");
  static final AttributeKey<String> REQUEST_ID = text("fairlead.request.id");
  static final AttributeKey<String> TENANT = text("fairlead.tenant");
  static final AttributeKey<String> KEY = text("fairlead.key");
  private static final AttributeKey<String> VERSION = text("fairlead.version");
  private static final AttributeKey<String> REPLICA = text("fairlead.replica");
  private static final AttributeKey<Boolean> STREAM = AttributeKey.booleanKey("fairlead.stream");
  static final AttributeKey<String> OUTCOME = text("fairlead.outcome");
  private static final AttributeKey<Long> REPLACEMENTS = number("fairlead.replacements");
  private static final AttributeKey<Long> AHEAD = number("fairlead.queue.ahead");
  private static final AttributeKey<Double> COLD_START =
      AttributeKey.doubleKey("fairlead.cold_start.seconds");

  private static final int CLIENT_ERROR = 400;

  void make(RequestRecord settled) {
    RequestRecord.Times times = settled.times();
    Instant arrived = settled.arrived();
    Instant end = arrived.plus(times.total());
    SpanBuilder builder =
        tracer
            .spanBuilder(name(settled))
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent(settled.trace()))
            .setStartTimestamp(arrived.minus(times.auth()))
            .setAllAttributes(attributes(settled));
    Span span = builder.startSpan();
    if (settled.outcome().equals("failed") || settled.outcome().equals("unavailable")) {
      span.setStatus(StatusCode.ERROR);
    }
    children(settled, Context.root().with(span));
    span.end(end);
  }

  private void children(RequestRecord settled, Context parent) {
    RequestRecord.Times times = settled.times();
    Instant arrived = settled.arrived();
    Instant end = arrived.plus(times.total());
    Instant granted = arrived.plus(times.queue());
    child("queue", parent, new Part(arrived, times.queue()), waited(settled));
    if (settled.path().replica().isEmpty()) {
      return;
    }
    if (times.firstEvent().isPresent()) {
      Duration prefill = times.firstEvent().orElseThrow();
      Instant first = granted.plus(prefill);
      child("prefill", parent, new Part(granted, prefill), Attributes.empty());
      child("decode", parent, new Part(first, Duration.between(first, end)), Attributes.empty());
    } else {
      child(
          "engine", parent, new Part(granted, Duration.between(granted, end)), Attributes.empty());
    }
  }

  private record Part(Instant from, Duration takes) {}

  private void child(String name, Context parent, Part part, Attributes attributes) {
    tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(part.from())
        .setAllAttributes(attributes)
        .startSpan()
        .end(part.from().plus(part.takes()));
  }

  private static Attributes waited(RequestRecord settled) {
    return Attributes.of(
        AHEAD,
        (long) settled.path().ahead(),
        COLD_START,
        settled.times().coldStart().toNanos() / 1e9);
  }

  private Attributes attributes(RequestRecord settled) {
    RequestRecord.Path path = settled.path();
    RequestRecord.Ending ending = settled.ending();
    AttributesBuilder all =
        Attributes.builder()
            .put(OPERATION, operation(settled.kind()))
            .put(PROVIDER, "fairlead")
            .put(SERVER_ADDRESS, door.getHostString())
            .put(SERVER_PORT, (long) door.getPort())
            .put(REQUEST_ID, settled.id())
            .put(TENANT, settled.caller().tenant().name())
            .put(KEY, settled.caller().key())
            .put(STREAM, settled.stream())
            .put(OUTCOME, settled.outcome())
            .put(VERSION, path.version())
            .put(REPLICA, path.replica())
            .put(REPLACEMENTS, (long) path.replacements())
            .put(INPUT_TOKENS, settled.tokens().prompt())
            .put(CACHED_TOKENS, settled.tokens().cached())
            .put(OUTPUT_TOKENS, settled.tokens().completion());
    if (!settled.model().isEmpty()) {
      all.put(REQUEST_MODEL, settled.model()).put(RESPONSE_MODEL, settled.model());
    }
    if (!ending.finishReason().isEmpty()) {
      all.put(FINISH_REASONS, List.of(ending.finishReason()));
    }
    if (ending.status() > 0) {
      all.put(STATUS, (long) ending.status());
    }
    if (!settled.outcome().equals("success")) {
      all.put(ERROR_TYPE, errorType(settled));
    }
    return all.build();
  }

  private static String errorType(RequestRecord settled) {
    RequestRecord.Ending ending = settled.ending();
    if (!ending.error().isEmpty()) {
      return ending.error();
    }
    return ending.status() >= CLIENT_ERROR ? Integer.toString(ending.status()) : settled.outcome();
  }

  private static String name(RequestRecord settled) {
    String operation = operation(settled.kind());
    return settled.model().isEmpty() ? operation : operation + " " + settled.model();
  }

  private static String operation(String kind) {
    return switch (kind) {
      case "completion" -> "text_completion";
      case "embedding" -> "embeddings";
      default -> kind;
    };
  }

  /// The span of the client, or the beginning of a trace.
  static Context parent(Optional<TraceParent> told) {
    return told.map(trace -> Context.root().with(Span.wrap(context(trace)))).orElse(Context.root());
  }

  private static SpanContext context(TraceParent trace) {
    return SpanContext.createFromRemoteParent(
        trace.traceId(), trace.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
  }

  static AttributeKey<String> text(String name) {
    return AttributeKey.stringKey(name);
  }

  private static AttributeKey<Long> number(String name) {
    return AttributeKey.longKey(name);
  }
}
