package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Serves a registry in Prometheus' text format, version 0.0.4.
final class MetricsHandler implements Handler {
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final PrometheusRegistry registry;

  MetricsHandler(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    ByteBuf text = Unpooled.buffer(8 << 10);
    try (OutputStream out = new ByteBufOutputStream(text)) {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    exchange.respond(
        200,
        new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, writer.getContentType()),
        text);
    return BodyReceiver.ignore();
  }
}
