package dev.fairlead.dataplane.telemetry;

import dev.fairlead.dataplane.gateway.DoorRecord;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.net.InetSocketAddress;

/// Makes the span of a request that was refused at the door, with the names of OpenTelemetry's
/// semantic conventions for HTTP servers (1.37). Stateless.
record DoorSpan(Tracer tracer, InetSocketAddress door) {
  private static final AttributeKey<String> METHOD = SpanTree.text("http.request.method");
  private static final AttributeKey<String> ROUTE = SpanTree.text("http.route");
  private static final AttributeKey<String> CLIENT = SpanTree.text("client.address");

  /// What a method is called that HTTP does not define.
  private static final String UNKNOWN_METHOD = "_OTHER";

  private static final int SERVER_ERROR = 500;

  void make(DoorRecord refused) {
    String method = refused.asked().method();
    Span span =
        tracer
            .spanBuilder(method.equals("other") ? "HTTP" : method + " " + refused.asked().path())
            .setSpanKind(SpanKind.SERVER)
            .setParent(SpanTree.parent(refused.trace()))
            .setStartTimestamp(refused.arrived().minus(refused.took()))
            .setAllAttributes(attributes(refused))
            .startSpan();
    if (refused.status() >= SERVER_ERROR) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(refused.arrived());
  }

  private Attributes attributes(DoorRecord refused) {
    String method = refused.asked().method();
    AttributesBuilder all =
        Attributes.builder()
            .put(METHOD, method.equals("other") ? UNKNOWN_METHOD : method)
            .put(ROUTE, refused.asked().path())
            .put(CLIENT, refused.sender().address())
            .put(SpanTree.SERVER_ADDRESS, door.getHostString())
            .put(SpanTree.SERVER_PORT, (long) door.getPort())
            .put(SpanTree.STATUS, (long) refused.status())
            .put(SpanTree.ERROR_TYPE, refused.error())
            .put(SpanTree.REQUEST_ID, refused.id())
            .put(SpanTree.OUTCOME, refused.outcome());
    if (!refused.sender().tenant().isEmpty()) {
      all.put(SpanTree.TENANT, refused.sender().tenant()).put(SpanTree.KEY, refused.sender().key());
    }
    return all.build();
  }
}
