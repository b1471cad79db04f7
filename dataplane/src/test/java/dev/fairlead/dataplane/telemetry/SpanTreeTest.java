package dev.fairlead.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.gateway.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanTreeTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exported)).build();
  private final SpanTree tree =
      new SpanTree(
          provider.get("test"), InetSocketAddress.createUnresolved("gateway.example", 8080));

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void aStreamIsASpanWithItsQueuePrefillAndDecode() {
    tree.make(Settled.stream("req_1"));

    SpanData root = span("chat chat");
    assertThat(root.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(root.getParentSpanContext().isValid()).isFalse();
    assertThat(millis(root)).containsExactly(-2L, 7_000L);
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(text(root, "gen_ai.operation.name")).isEqualTo("chat");
    assertThat(text(root, "gen_ai.request.model")).isEqualTo("chat");
    assertThat(number(root, "gen_ai.usage.input_tokens")).isEqualTo(5_812);
    assertThat(number(root, "gen_ai.usage.output_tokens")).isEqualTo(412);
    assertThat(
            root.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
        .containsExactly("length");
    assertThat(text(root, "server.address")).isEqualTo("gateway.example");
    assertThat(text(root, "fairlead.request.id")).isEqualTo("req_1");
    assertThat(text(root, "error.type")).isNull();
    assertThat(millis(span("queue"))).containsExactly(0L, 4_000L);
    assertThat(millis(span("prefill"))).containsExactly(4_000L, 5_000L);
    assertThat(millis(span("decode"))).containsExactly(5_000L, 7_000L);
    assertThat(exported.getFinishedSpanItems())
        .hasSize(4)
        .filteredOn(one -> !one.equals(root))
        .allMatch(child -> child.getParentSpanId().equals(root.getSpanId()));
  }

  @Test
  void theTraceOfTheClientIsContinued() {
    tree.make(Settled.stream("req_1", Optional.of(new TraceParent(TRACE, SPAN, true))));

    assertThat(span("chat chat").getTraceId()).isEqualTo(TRACE);
    assertThat(span("chat chat").getParentSpanId()).isEqualTo(SPAN);
    assertThat(span("decode").getTraceId()).isEqualTo(TRACE);
  }

  @Test
  void aRefusalNamesItsErrorAndIsNoFaultOfOurs() {
    tree.make(Settled.refused("req_1"));

    SpanData root = span("embeddings");
    assertThat(text(root, "error.type")).isEqualTo("model_not_found");
    assertThat(number(root, "http.response.status_code")).isEqualTo(404);
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(names()).containsExactlyInAnyOrder("embeddings", "queue");
  }

  @Test
  void aFailureOfAnEngineIsAnErrorWithItsTimeThere() {
    RequestRecord failed = Settled.failed("req_1");

    tree.make(failed);

    SpanData root = span("text_completion chat");
    assertThat(text(root, "error.type")).isEqualTo("502");
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(millis(span("engine"))).containsExactly(1L, 5L);
  }

  @Test
  void aRefusalAtTheDoorIsASpanOfHttp() {
    new DoorSpan(tree.tracer(), tree.door())
        .make(Settled.atTheDoor("req_1", Optional.of(new TraceParent(TRACE, SPAN, true))));

    SpanData root = span("POST /v1/chat/completions");
    assertThat(root.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(root.getTraceId()).isEqualTo(TRACE);
    assertThat(root.getParentSpanId()).isEqualTo(SPAN);
    assertThat(millis(root)).containsExactly(-2L, 0L);
    assertThat(text(root, "http.request.method")).isEqualTo("POST");
    assertThat(text(root, "http.route")).isEqualTo("/v1/chat/completions");
    assertThat(text(root, "client.address")).isEqualTo("10.0.0.7");
    assertThat(text(root, "error.type")).isEqualTo("invalid_api_key");
    assertThat(number(root, "http.response.status_code")).isEqualTo(401);
    assertThat(text(root, "fairlead.tenant")).isNull();
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(names()).hasSize(1);
  }

  private SpanData span(String name) {
    return exported.getFinishedSpanItems().stream()
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not among " + names()));
  }

  private List<String> names() {
    return exported.getFinishedSpanItems().stream().map(SpanData::getName).toList();
  }

  /// From the arrival, in milliseconds: start and end.
  private static List<Long> millis(SpanData span) {
    long zero = Settled.ARRIVED.toEpochMilli() * 1_000_000;
    return List.of(
        (span.getStartEpochNanos() - zero) / 1_000_000,
        (span.getEndEpochNanos() - zero) / 1_000_000);
  }

  private static @Nullable String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  private static long number(SpanData span, String key) {
    return Optional.ofNullable(span.getAttributes().get(AttributeKey.longKey(key))).orElseThrow();
  }
}
