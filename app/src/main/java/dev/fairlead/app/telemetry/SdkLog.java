package dev.fairlead.app.telemetry;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/// Brings what OpenTelemetry's SDK logs by java.util.logging into our log, without stack traces: it
/// is about a collector that does not answer. Safe for every thread.
final class SdkLog extends Handler {
  private static final String SDK = "io.opentelemetry";

  /// Held here, for the registry of loggers may forget one, and its handler with it.
  private static final Logger FROM = Logger.getLogger(SDK);

  private final org.slf4j.Logger to = LoggerFactory.getLogger(SDK);

  private SdkLog() {}

  static synchronized void toOurs() {
    if (FROM.getUseParentHandlers()) {
      FROM.setUseParentHandlers(false);
      FROM.addHandler(new SdkLog());
    }
  }

  @Override
  public void publish(LogRecord told) {
    if (told.getLevel().intValue() >= Level.WARNING.intValue()) {
      to.warn("tracing: {}", told.getMessage());
    } else {
      to.debug("tracing: {}", told.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
