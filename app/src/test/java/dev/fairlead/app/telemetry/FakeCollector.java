package dev.fairlead.app.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/// A collector that takes OTLP over HTTP as protobuf (opentelemetry-proto, trace/v1) and keeps the
/// spans. Safe for every thread.
final class FakeCollector implements AutoCloseable {
  private final HttpServer server;
  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  /// A span; attributes of other types than text and integer are left out.
  record Received(
      String name,
      String traceId,
      String parentId,
      long nanos,
      Map<String, Object> attributes,
      Map<String, Object> resource) {}

  FakeCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Received> spans() {
    return List.copyOf(spans);
  }

  /// What came in the `authorization` header.
  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void take(HttpExchange exchange) throws IOException {
    String encoding = exchange.getRequestHeaders().getFirst("content-encoding");
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
    try (InputStream body =
        "gzip".equals(encoding)
            ? new GZIPInputStream(exchange.getRequestBody())
            : exchange.getRequestBody()) {
      read(ProtobufMessage.parse(body.readAllBytes()));
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private void read(ProtobufMessage request) {
    for (ProtobufMessage ofResource : request.messages(1)) {
      Map<String, Object> resource = attributes(ofResource.messages(1).getFirst(), 1);
      for (ProtobufMessage ofScope : ofResource.messages(2)) {
        ofScope.messages(2).forEach(span -> spans.add(received(span, resource)));
      }
    }
  }

  private static Received received(ProtobufMessage span, Map<String, Object> resource) {
    boolean child = span.fields().stream().anyMatch(field -> field.number() == 4);
    return new Received(
        span.text(5),
        HexFormat.of().formatHex(span.bytes(1)),
        child ? HexFormat.of().formatHex(span.bytes(4)) : "",
        span.number(8) - span.number(7),
        attributes(span, 9),
        resource);
  }

  private static Map<String, Object> attributes(ProtobufMessage of, int number) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (ProtobufMessage pair : of.messages(number)) {
      ProtobufMessage value = pair.messages(2).getFirst();
      for (ProtobufMessage.Field field : value.fields()) {
        switch (field.number()) {
          case 1 -> attributes.put(pair.text(1), value.text(1));
          case 3 -> attributes.put(pair.text(1), field.value());
          default -> {}
        }
      }
    }
    return attributes;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
