package dev.fairlead.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The access log into a real pipe.
class AccessLogIT {
  private static final int MANY = 40_000;
  private static final Pattern DROPPED = Pattern.compile("\"dropped\":(\\d+)");

  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final AtomicReference<Thread> writer = new AtomicReference<>();
  private Pipe pipe;
  private BufferedReader reader;
  private AccessLog log;

  @BeforeEach
  void start() throws IOException {
    pipe = Pipe.open();
    reader = new BufferedReader(Channels.newReader(pipe.source(), StandardCharsets.UTF_8));
    log =
        new AccessLog(
            LogTarget.to(Channels.newOutputStream(pipe.sink())),
            metrics,
            () -> Settled.ARRIVED,
            run -> {
              Thread thread = Thread.ofPlatform().daemon().name("log").unstarted(run);
              writer.set(thread);
              return thread;
            });
  }

  @AfterEach
  void stop() throws IOException {
    pipe.source().close();
    pipe.sink().close();
    log.close();
  }

  @Test
  void aPipeThatNobodyReadsStopsNoRequestAndWhatIsMissingIsCounted() throws IOException {
    for (int i = 0; i < MANY; i++) {
      log.settled(Settled.refused("req_" + i));
    }

    double dropped = dropped();
    assertThat(dropped).isBetween(1.0, (double) MANY);
    // The writer may have come late, and have told of some of them before the last was dropped.
    long written = 0;
    long missing = 0;
    while (written + missing < MANY) {
      Matcher told = DROPPED.matcher(read(1).getFirst());
      if (told.find()) {
        missing += Long.parseLong(told.group(1));
      } else {
        written++;
      }
    }
    assertThat(missing).isEqualTo((long) dropped);
    assertThat(dropped()).isEqualTo(dropped);
  }

  @Test
  void aLineComesByItselfAlsoAfterAPause() throws IOException {
    log.settled(Settled.refused("req_1"));
    assertThat(read(1)).singleElement().asString().contains("req_1");
    await("the writer sleeps for good")
        .atMost(Duration.ofSeconds(10))
        .until(() -> writer.get().getState() == Thread.State.WAITING);

    log.settled(Settled.refused("req_2"));

    assertThat(read(1)).singleElement().asString().contains("req_2");
  }

  @Test
  void whatWasSettledIsWrittenBeforeTheEnd() throws IOException {
    for (int i = 0; i < 100; i++) {
      log.settled(Settled.refused("req_" + i));
    }
    log.close();

    assertThat(read(100)).hasSize(100);
    assertThat(writer.get().isAlive()).isFalse();
  }

  private List<String> read(int count) throws IOException {
    List<String> lines = new ArrayList<>();
    while (lines.size() < count) {
      lines.add(reader.readLine());
    }
    return lines;
  }

  private double dropped() {
    CounterSnapshot counter =
        (CounterSnapshot) metrics.scrape(name -> name.equals("fairlead_access_log_dropped")).get(0);
    return counter.getDataPoints().getFirst().getValue();
  }
}
