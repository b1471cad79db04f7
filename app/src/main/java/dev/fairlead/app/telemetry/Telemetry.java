package dev.fairlead.app.telemetry;

import dev.fairlead.app.config.AccessLogging;
import dev.fairlead.app.config.Traces;
import dev.fairlead.dataplane.gateway.RequestSink;
import dev.fairlead.dataplane.telemetry.AccessLog;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is told of requests, as the user has asked for it; nothing unless asked, and nothing to
/// anyone else. Close it after the gateway: what was settled until then is still told.
public final class Telemetry implements AutoCloseable {
  private final List<RequestSink> sinks = new ArrayList<>();
  private final List<Runnable> endings = new ArrayList<>();

  /// What is asked for.
  public record Settings(Optional<AccessLogTarget> accessLog, Optional<TraceExport> traces) {
    public static final Settings NONE = new Settings(Optional.empty(), Optional.empty());

    /// As it was configured; an exception means that a file which it names cannot be read.
    public static Settings of(AccessLogging accessLog, Traces traces) throws IOException {
      return new Settings(AccessLogTarget.of(accessLog), TraceExport.of(traces));
    }
  }

  /// Who tells.
  ///
  /// @param door where clients find the gateway
  public record Source(
      String version, InetSocketAddress door, PrometheusRegistry metrics, InstantSource clock) {}

  private Telemetry() {}

  /// Opens what is asked for; an exception means that the access log cannot be written.
  public static Telemetry start(Settings settings, Source source) throws IOException {
    Telemetry telemetry = new Telemetry();
    if (settings.accessLog().isPresent()) {
      AccessLog log =
          new AccessLog(
              settings.accessLog().orElseThrow().open(),
              source.metrics(),
              source.clock(),
              Thread.ofPlatform().daemon().name("access-log").factory());
      telemetry.sinks.add(log);
      telemetry.endings.add(log::close);
    }
    settings
        .traces()
        .ifPresent(export -> {
          Tracing tracing =
              new Tracing(
                  Tracing.exporter(export),
                  export.ratio(),
                  new Tracing.Source(source.version(), source.door()),
                  source.metrics());
          telemetry.sinks.add(tracing);
          telemetry.endings.add(tracing::close);
        });
    return telemetry;
  }

  /// For the gateway.
  public List<RequestSink> sinks() {
    return List.copyOf(sinks);
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
  }
}
