package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Collects what Netty's paranoid leak detector reports, until `verify` finds that it said nothing.
final class LeakReport {
  private final Logger detector =
      (Logger) LoggerFactory.getLogger("io.netty.util.ResourceLeakDetector");
  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

  LeakReport() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    reports.start();
    detector.addAppender(reports);
  }

  /// Fails when a buffer was lost. The detector looks at what the collector has found whenever a
  /// buffer is made, so both are provoked.
  void verify() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.buffer(8).release();
      ByteBufAllocator.DEFAULT.directBuffer(8).release();
    }
    detector.detachAppender(reports);
    assertThat(List.copyOf(reports.list)).map(ILoggingEvent::getFormattedMessage).isEmpty();
  }
}
