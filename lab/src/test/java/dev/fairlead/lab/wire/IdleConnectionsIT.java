package dev.fairlead.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Ten thousand clients that keep a connection and ask nothing.
class IdleConnectionsIT {
  private static final int CONNECTIONS = 10_000;
  private static final int FILES = CONNECTIONS + 500;
  private static final long BYTES_EACH_AT_MOST = 8 << 10;

  @Test
  void tenThousandIdleConnectionsCostLittleAndNobodyElseNoticesThem(TestReporter reporter)
      throws IOException {
    assertThat(filesAtMost())
        .as("the limit of open files (`ulimit -Hn`), of which this test needs %d", FILES)
        .isGreaterThanOrEqualTo(FILES);
    List<Raw> idle = new ArrayList<>();
    try (var engine = new Recorder();
        var dataPlane = new DataPlaneProcess(engine.port(), 4)) {
      for (int i = 0; i < 200; i++) {
        assertThatARequestIsServed(dataPlane.port());
      }
      Held before = dataPlane.held();
      for (int i = 0; i < CONNECTIONS; i++) {
        idle.add(new Raw(dataPlane.port()));
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> dataPlane.held().connections() >= CONNECTIONS);

      Held after = dataPlane.held();
      long each = after.moreThan(before) / CONNECTIONS;
      reporter.publishEntry("bytes of an idle connection", Long.toString(each));
      assertThat(each)
          .as("bytes a connection, %s to %s", before, after)
          .isLessThan(BYTES_EACH_AT_MOST);
      assertThatARequestIsServed(dataPlane.port());
      assertThat(engine.requests()).as("what reached the engine").hasSize(201);
    } finally {
      for (Raw client : idle) {
        client.close();
      }
    }
  }

  private static void assertThatARequestIsServed(int port) throws IOException {
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(Payload.BODY.length(), Payload.BODY);
    try (Raw client = new Raw(port)) {
      assertThat(Raw.statuses(client.say(request).rest())).containsExactly(200);
    }
  }

  /// Of this process; a JVM raises it to the hard limit by itself, and so does the one it starts.
  private static long filesAtMost() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split("\\s{2,}", -1)[1])
        .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
        .findFirst()
        .orElseThrow();
  }
}
